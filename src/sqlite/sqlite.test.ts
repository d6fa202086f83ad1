import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { storeContract } from '../store/index.ts';
import { sqliteStore } from './sqlite.ts';

for (const { name, run } of storeContract) {
  test(`sqlite: ${name}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
    try {
      await run((now) => sqliteStore({ path: join(folder, 'log.db'), now }));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
