import { createClient } from 'redis';
import { fromNodeRedis, redisStore } from 'heddle/redis';
import type { RedisStore } from 'heddle/redis';

/** Opens the store in the Redis of a URL; rejects with an Error in one sentence. What may lose data there is told on standard error. */
export function openRedis(url: string): Promise<RedisStore> {
  if (!URL.canParse(url)) throw new Error(`--redis: ${url} is not a URL like redis://127.0.0.1:6379`);
  const onWarning = (sentence: string): void => void process.stderr.write(`heddle: ${sentence}\n`);
  return redisStore(fromNodeRedis(createClient({ url })), { onWarning });
}
