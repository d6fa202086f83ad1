import { checkNumber, timerRange } from '../protocol/internal.ts';
import type { ConnectOptions, RedisClient } from './client.ts';
import { toDelay } from './to-delay.ts';

/** A `Redis` or `Cluster` of the package `ioredis` (5 or later), as much of it as is used. */
export interface IoredisLike {
  readonly isCluster: boolean;
  readonly status: string;
  /** Takes options; in a Cluster, where it starts before them. */
  duplicate(...overrides: readonly unknown[]): IoredisLike;
  call(command: string, ...args: string[]): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  disconnect(reconnect?: boolean): void;
  on(event: 'ready', listener: () => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
}

/** A command is sent once, now or not at all: who asked knows better than a queue whether it should still be done later. */
const once = {
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  // A Cluster would send what was on its way to another server; so it has to look by itself where the slots are.
  retryDelayOnFailover: 0,
  slotsRefreshInterval: 1_000,
};

/** Adapts a `Redis` (alone or behind Sentinels) or a `Cluster` of ioredis. Its connections are made anew with its options; it need not be connected itself. */
export function fromIoredis(client: IoredisLike, { silenceMs = 5_000 }: ConnectOptions = {}): RedisClient {
  checkNumber('silenceMs', silenceMs, timerRange);
  return {
    isCluster: client.isCluster,
    open({ onReady, onMessage, onError }) {
      const connect = (overrides: object): IoredisLike => {
        const options = {
          lazyConnect: false,
          retryStrategy: toDelay,
          clusterRetryStrategy: toDelay,
          ...overrides,
        };
        const made = client.isCluster
          ? client.duplicate([], { ...options, redisOptions: overrides })
          : client.duplicate(options);
        made.on('error', onError);
        made.on('ready', onReady);
        return made;
      };
      const commands = connect({ ...once, enableAutoPipelining: true, socketTimeout: silenceMs });
      // Subscriptions wait for the connection: they are asked for once, and asked for again by the client itself.
      const listener = connect({ maxRetriesPerRequest: null });
      listener.on('message', onMessage);
      return {
        get isReady() {
          return commands.status === 'ready';
        },
        send: async ([name = '', ...args]) => commands.call(name, ...args),
        subscribe: (channel) => listener.subscribe(channel),
        unsubscribe: (channel) => listener.unsubscribe(channel),
        reset: () => commands.disconnect(true),
        close: () => {
          commands.disconnect();
          listener.disconnect();
        },
      };
    },
  };
}
