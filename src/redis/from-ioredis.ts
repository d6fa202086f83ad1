import { checkNumber, timerRange } from '../protocol/internal.ts';
import type { ConnectOptions, RedisClient } from './client.ts';
import { toDelay } from './to-delay.ts';

/** A `Redis` or `Cluster` of the package `ioredis` (5 or later), reduced to what is used. */
export interface IoredisLike {
  readonly isCluster: boolean;
  readonly status: string;
  /** Takes options; in a Cluster they come second, after its start nodes. */
  duplicate(...overrides: readonly unknown[]): IoredisLike;
  call(command: string, ...args: string[]): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  disconnect(reconnect?: boolean): void;
  on(event: 'ready', listener: () => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
}

/**
 * Each command is sent once: now or not at all. The caller can decide better than a queue whether a late
 * command still makes sense.
 */
const once = {
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  // A Cluster would send a command in flight again, to another server. Without that retry the client does not
  // notice that slots have moved, so it refreshes them on its own.
  retryDelayOnFailover: 0,
  slotsRefreshInterval: 1_000,
};

/**
 * Adapts a `Redis` (alone or behind Sentinels) or a `Cluster` of ioredis. The store makes new connections
 * with the client's options; the client itself need not be connected. Throws a TypeError if `silenceMs` is
 * out of range.
 */
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
      // Subscriptions wait for the connection. They are requested once, and the client requests them again
      // after it reconnects.
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
