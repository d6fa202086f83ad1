import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoreOutcome, StoreCall } from './calls.ts';
import { createGroup } from './group.ts';
import { openDatabase } from './open-database.ts';

let folder = '';
let db: DatabaseSync;
let run: (requests: readonly StoreCall[]) => readonly StoreOutcome[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  db = openDatabase(join(folder, 'log.db'));
  run = createGroup(db);
});

afterEach(async () => {
  db.close();
  await rm(folder, { recursive: true });
});

function append(
  session: string,
  text: string,
  { lasting = false, was }: { lasting?: boolean; was?: number } = {},
): StoreCall {
  const head = { text: '{}', owner: '""', kind: 'session', activeAt: 0, dueAt: undefined } as const;
  return {
    name: 'append',
    args: {
      session,
      at: 0,
      count: 1,
      events: JSON.stringify([text]),
      lasting,
      head: was === undefined ? undefined : { ...head, was },
      key: undefined,
      fence: undefined,
    },
  };
}

const read = (session: string): StoreCall => ({
  name: 'read',
  args: { session, after: undefined, limit: 99 },
});
const written = { value: { type: 'written' } };

test('a refused append does not affect the others of its group, and a read sees the appends before it', () => {
  const outcomes = run([
    append('s', 'a', { was: 0 }),
    append('s', 'b', { was: 0 }),
    append('none', 'c'),
    read('s'),
    append('s', 'd'),
  ]);
  expect(outcomes).toMatchObject([
    written,
    { value: { type: 'refused', reason: 'conflict' } },
    { value: { type: 'refused', reason: 'missing' } },
    { value: { type: 'page', rows: [{ events: '["a"]' }] } },
    written,
  ]);
});

test('a group waits for the disk only if it contains a lasting append', () => {
  run([append('s', 'a', { was: 0 })]);
  for (const [lasting, level] of [
    [false, 1],
    [true, 2],
    [false, 1],
  ] as const) {
    expect(run([append('s', 'b'), append('s', 'c', { lasting })])).toMatchObject([written, written]);
    expect(db.prepare('pragma synchronous').get()).toEqual({ synchronous: level });
  }
});

test('saving a snapshot waits for the disk, and deleting others does not', () => {
  run([append('s', 'a', { was: 0 })]);
  const [session, name] = ['s', '"n"'];
  for (const [request, level] of [
    [{ name: 'save', args: { session, name, data: '"d"' } }, 2],
    [{ name: 'load', args: { session, name } }, 1],
    [{ name: 'keepOnly', args: { session, name } }, 1],
  ] as const) {
    expect(run([request])).toMatchObject([{ value: request.name === 'load' ? '"d"' : undefined }]);
    expect(db.prepare('pragma synchronous').get()).toEqual({ synchronous: level });
  }
});

test('a dropped session leaves no snapshot in the file, and none comes late', () => {
  const save: StoreCall = { name: 'save', args: { session: 's', name: '"n"', data: '"d"' } };
  run([append('s', 'a', { was: 0 }), save]);
  run([{ name: 'drop', args: { session: 's' } }, save]);
  run([save, { name: 'sweep', args: { rows: 9, droppedUntil: 0 } }]);
  expect(db.prepare('select count(*) as count from snapshots').get()).toEqual({ count: 0 });
});

test('a full disk refuses the whole group with storage_full, and keeps the data', () => {
  run([append('s', 'before', { was: 0, lasting: true })]);
  db.exec('pragma wal_checkpoint(truncate)');
  const pages = Number(db.prepare('pragma page_count').get()?.['page_count']);
  db.exec(`pragma max_page_count = ${pages + 2}`);
  const outcomes = run([append('s', 'small'), append('s', 'x'.repeat(100_000)), read('s')]);
  expect(outcomes).toMatchObject([
    { refused: 'storage_full' },
    { refused: 'storage_full' },
    { refused: 'storage_full' },
  ]);
  expect(run([read('s')])).toMatchObject([{ value: { rows: [{ last: 1, events: '["before"]' }] } }]);
  db.exec('pragma max_page_count = 1000000');
  expect(run([append('s', 'x'.repeat(100_000))])).toMatchObject([
    { value: { type: 'written', row: { last: 2 } } },
  ]);
});

test('a check writes, and changes nothing', () => {
  const check: StoreCall = { name: 'check', args: {} };
  const before = db.prepare('pragma user_version').get();
  db.exec('pragma wal_checkpoint(truncate)');
  expect(run([check])).toEqual([{ value: undefined }]);
  expect(db.prepare('pragma wal_checkpoint').get()).toMatchObject({ log: 1 });
  expect(db.prepare('pragma user_version').get()).toEqual(before);
  const other = openDatabase(join(folder, 'log.db'));
  db.exec('pragma busy_timeout = 1');
  other.exec('begin immediate');
  expect(run([check])).toMatchObject([{ refused: 'unavailable' }]);
  other.exec('rollback');
  other.close();
  db.exec('pragma query_only = 1');
  expect(run([check])).toMatchObject([{ refused: 'unavailable' }]);
});

test('a lock that is held for too long is unavailable, and calls work again afterwards', () => {
  const other = openDatabase(join(folder, 'log.db'));
  db.exec('pragma busy_timeout = 1');
  other.exec('begin immediate');
  expect(run([append('s', 'a', { was: 0 })])).toMatchObject([
    { refused: 'unavailable', reason: expect.stringContaining('SQLITE_BUSY') },
  ]);
  expect(run([read('s')])).toMatchObject([{ value: { type: 'missing' } }]);
  other.exec('rollback');
  other.close();
  expect(run([append('s', 'a', { was: 0 })])).toMatchObject([written]);
});
