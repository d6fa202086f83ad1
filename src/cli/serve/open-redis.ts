import { createClient } from 'redis';
import { fromNodeRedis, redisStore } from 'heddle/redis';
import type { RedisStore } from 'heddle/redis';

/**
 * Opens the Redis store at a URL. Rejects with an Error of one sentence. `warn` receives warnings about
 * settings that may lose data.
 */
export function openRedis(url: string, warn: (sentence: string) => void): Promise<RedisStore> {
  // The part before an @ may be a password, even when the whole is no URL.
  const shown = url.replace(/^(\w+:\/\/)?.*@/s, '$1***@');
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
    throw new Error(`--redis: ${shown} is not a URL like redis://127.0.0.1:6379`);
  const { pathname, search, hash } = new URL(url);
  if (`${pathname}${search}${hash}`.includes('@'))
    throw new Error(`--redis: ${shown} has a password with / ? or #; write them as %2F %3F %23`);
  return redisStore(fromNodeRedis(createClient({ url })), { onWarning: warn });
}
