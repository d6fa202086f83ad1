import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { fromIoredis, fromNodeRedis } from 'heddle/redis';
import { createKeys } from '../../src/redis/keys.ts';
import type { ConnectOptions, RedisClient } from 'heddle/redis';

/** Creates each client that a store accepts, for a server's URL. */
export const clients: Readonly<
  Record<'redis' | 'ioredis', (url: string, options?: ConnectOptions) => RedisClient>
> = {
  redis: (url, options) => fromNodeRedis(createClient({ url }), options),
  ioredis: (url, options) => fromIoredis(new Redis(url, { lazyConnect: true }), options),
};

/**
 * Returns a command that reads the end of a session's log. The Redis must have the default prefix and shards.
 */
export function lastOf(session: string): readonly string[] {
  return ['HGET', createKeys('heddle', 64, false).of(session).session, 'tag'];
}
