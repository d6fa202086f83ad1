import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { fromIoredis, fromNodeRedis } from 'heddle/redis';
import type { RedisClient } from 'heddle/redis';

/** The clients that a store can be given, made for a server. */
export const clients: Readonly<Record<'redis' | 'ioredis', (url: string) => RedisClient>> = {
  redis: (url) => fromNodeRedis(createClient({ url })),
  ioredis: (url) => fromIoredis(new Redis(url, { lazyConnect: true })),
};
