import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { memoryStore } from '../../src/log/index.ts';
import { mint } from '../../src/protocol/internal.ts';
import { fromNodeRedis, redisStore } from '../../src/redis/index.ts';
import { sqliteStore } from '../../src/sqlite/index.ts';
import type { WorldContext } from './world/world.ts';
import type { RedisServer } from './redis-server.ts';

/** Shares one memory store between all processes of a world. */
export async function shareMemory(): Promise<WorldContext> {
  let store: ReturnType<typeof memoryStore> | undefined;
  return {
    open: async (now) => (store ??= memoryStore({ now })),
    end: async () => {},
  };
}

/** Shares one SQLite file. Each process of a world opens it anew. */
export async function shareSqlite(): Promise<WorldContext> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-model-'));
  return {
    open: (now) => sqliteStore({ path: join(folder, 'heddle.db'), now }),
    end: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Shares one Redis. Each world has a key prefix of its own. */
export async function shareRedis({ url }: RedisServer): Promise<WorldContext> {
  const prefix = mint(8);
  return {
    open: (now) =>
      redisStore(fromNodeRedis(createClient({ url })), { prefix, now, shards: 4, onWarning: () => {} }),
    end: async () => {},
  };
}
