import { memoryStore } from 'heddle/log';
import type { Store } from 'heddle/log';
import { fromNodeRedis, redisStore } from 'heddle/redis';
import { sqliteStore } from 'heddle/sqlite';
import { createClient } from 'redis';

/** Opens a store by its kind, at a file or a URL. */
export async function openBenchStore(kind: string, place: string): Promise<Store> {
  if (kind === 'memory') return memoryStore();
  if (kind === 'sqlite') return sqliteStore({ path: place });
  if (kind === 'redis')
    return redisStore(fromNodeRedis(createClient({ url: place })), { onWarning: () => {} });
  throw new RangeError(`There is no store of the kind "${kind}".`);
}
