import { checkNumber, timerRange } from '../protocol/internal.ts';
import type { ConnectOptions, RedisClient } from './client.ts';
import { toDelay } from './to-delay.ts';

/** A client of the package `redis` (5 or later), reduced to what is used. */
export interface NodeRedisLike {
  readonly isReady: boolean;
  readonly options?: { readonly socket?: object | undefined } | undefined;
  duplicate(overrides: {
    readonly disableOfflineQueue: boolean;
    readonly pingInterval: number;
    readonly socket: object;
  }): NodeRedisLike;
  connect(): Promise<unknown>;
  sendCommand(command: string[]): Promise<unknown>;
  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  destroy(): void;
  on(event: 'ready', listener: () => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/**
 * Adapts a client made by `createClient` of `redis`. The store makes new connections with the client's
 * options; the client itself need not be connected. Throws a TypeError if `silenceMs` is out of range.
 */
export function fromNodeRedis(
  client: NodeRedisLike,
  { silenceMs = 5_000 }: ConnectOptions = {},
): RedisClient {
  checkNumber('silenceMs', silenceMs, timerRange);
  return {
    isCluster: false,
    open({ onReady, onMessage, onError }) {
      const connect = (): NodeRedisLike => {
        const made = client.duplicate({
          // A command that cannot be sent now fails now. The caller can decide better than a queue whether a
          // late command still makes sense.
          disableOfflineQueue: true,
          pingInterval: silenceMs / 2,
          // The default strategy gives up for good after a socket timeout.
          socket: { ...client.options?.socket, socketTimeout: silenceMs, reconnectStrategy: toDelay },
        });
        made.on('error', onError);
        made.on('ready', onReady);
        made.connect().catch(onError);
        return made;
      };
      const commands = connect();
      const listener = connect();
      const hear = (message: string, channel: string): void => onMessage(channel, message);
      return {
        get isReady() {
          return commands.isReady;
        },
        send: async (command) => commands.sendCommand([...command]),
        subscribe: (channel) => listener.subscribe(channel, hear),
        unsubscribe: (channel) => listener.unsubscribe(channel),
        reset: () => {
          if (!commands.isReady) return;
          commands.destroy();
          commands.connect().catch(onError);
        },
        close: () => {
          commands.destroy();
          listener.destroy();
        },
      };
    },
  };
}
