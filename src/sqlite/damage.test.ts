import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toNextHead, toContractText } from '../store/contract-check.ts';
import type { Store } from '../log/index.ts';
import { sqliteStore } from './sqlite.ts';

let folder = '';
let store: Store;
let db: DatabaseSync;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  store = await sqliteStore({ path: join(folder, 'log.db') });
  await store.log.append('s', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  await store.log.append('s', [toContractText('b')]);
  await store.log.append('s', [toContractText('c')]);
  db = new DatabaseSync(join(folder, 'log.db'));
});

afterEach(async () => {
  db.close();
  await store.close();
  await rm(folder, { recursive: true });
});

for (const [text, words] of [
  ['no JSON', 'a snapshot is not JSON'],
  ['{}', 'a snapshot is not a text'],
] as const) {
  test(`loading says that ${words}`, async () => {
    await store.snapshots.save('s', 'n', 'data');
    db.prepare('update snapshots set data = ?').run(text);
    await expect(store.snapshots.load('s', 'n')).rejects.toThrow(
      `The log of session s is damaged: ${words}.`,
    );
  });
}

for (const [damage, words] of [
  [`update appends set events = 'no JSON' where last = 2`, 'the append that ends at 2 is not JSON'],
  [`update appends set events = '[]' where last = 2`, 'the append that ends at 2 does not hold 1 events'],
  [`update appends set events = '[{"type":"content"}]' where last = 2`, 'entry 2 is not an event'],
  [`delete from appends where last = 2`, 'entry 2 is missing'],
  [`delete from appends where last = 1`, 'entry 1 is missing'],
  [`update sessions set head = '{}'`, 'the head is not one'],
  [`update sessions set head = json_set(head, '$.dueAt', 'now')`, 'the head is not one'],
] as const) {
  test(`a read says that ${words}, and leaves nothing out`, async () => {
    db.exec(damage);
    await expect(store.log.read('s', undefined, 9)).rejects.toThrow(
      `The log of session s is damaged: ${words}.`,
    );
  });
}
