import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../src/log/index.ts';
import { sqliteStore } from '../src/sqlite/index.ts';
import type { Shared } from './model-world.ts';

/** One memory store that all processes of a world share. */
export async function shareMemory(): Promise<Shared> {
  let store: ReturnType<typeof memoryStore> | undefined;
  return {
    open: async (now) => (store ??= memoryStore({ now })),
    end: async () => {},
  };
}

/** One SQLite file, opened anew by each process of a world. */
export async function shareSqlite(): Promise<Shared> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-model-'));
  return {
    open: (now) => sqliteStore({ path: join(folder, 'heddle.db'), now }),
    end: () => rm(folder, { recursive: true, force: true }),
  };
}
