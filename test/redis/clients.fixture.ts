import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { fromIoredis, fromNodeRedis } from 'heddle/redis';
import { createKeys } from '../../src/redis/keys.ts';
import type { ConnectOptions, RedisClient } from 'heddle/redis';

/** The clients that a store can be given, made for a server. */
export const clients: Readonly<
  Record<'redis' | 'ioredis', (url: string, options?: ConnectOptions) => RedisClient>
> = {
  redis: (url, options) => fromNodeRedis(createClient({ url }), options),
  ioredis: (url, options) => fromIoredis(new Redis(url, { lazyConnect: true }), options),
};

/** A question about where a session's log ends, for a Redis that has the prefix and shards that are the default. */
export function lastOf(session: string): readonly string[] {
  return ['HGET', createKeys('heddle', 64, false).of(session).session, 'tag'];
}
