import { join } from 'node:path';
import { memoryStore } from 'heddle/log';
import type { Store } from 'heddle/log';
import type { RedisStore } from 'heddle/redis';
import { ExitError } from './exit-error.ts';

/** The place where conversations are kept. */
export interface StorePlace {
  readonly data: string;
  readonly redis?: string;
  readonly memory?: boolean;
}

/**
 * Opens the store of a place. Rejects with an ExitError that says why it cannot. `warn` receives warnings
 * about settings that may lose data.
 */
export async function openStore(
  { redis, memory, data }: StorePlace,
  warn: (sentence: string) => void,
): Promise<Store | RedisStore> {
  if (redis !== undefined && memory) throw new ExitError('Choose one of --redis and --memory.');
  if (memory) return memoryStore();
  try {
    if (redis !== undefined) {
      const { openRedis } = await import('./open-redis.ts');
      return await openRedis(redis, warn);
    }
    const { sqliteStore } = await import('heddle/sqlite');
    return await sqliteStore({ path: join(data, 'heddle.db') });
  } catch (error) {
    throw new ExitError(error instanceof Error ? error.message : String(error));
  }
}
