export type { ConnectOptions, ConnectionEvents, RedisClient, RedisConnection } from './client.ts';
export { fromIoredis } from './from-ioredis.ts';
export type { IoredisLike } from './from-ioredis.ts';
export { fromNodeRedis } from './from-node-redis.ts';
export type { NodeRedisLike } from './from-node-redis.ts';
export { redisStore } from './redis.ts';
export type { RedisStore, RedisStoreOptions } from './redis.ts';
export type { RedisCounts } from './redis-counts.ts';
