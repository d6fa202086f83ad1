import { expect, test } from 'vitest';
import type { StoreCall } from './calls.ts';
import { toAppendCall, useGroup } from './group.fixture.ts';
import { openDatabase } from './open-database.ts';

const bench = useGroup();

function append(
  session: string,
  text: string,
  more: { readonly lasting?: boolean; readonly was?: number } = {},
): StoreCall {
  return toAppendCall(session, { text, ...more });
}

const read = (session: string): StoreCall => ({
  name: 'read',
  args: { session, after: undefined, limit: 99 },
});
const written = { value: { type: 'written' } };

test('a refused append does not affect the others of its group, and a read sees the appends before it', () => {
  const outcomes = bench.run([
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
  bench.run([append('s', 'a', { was: 0 })]);
  for (const [lasting, level] of [
    [false, 1],
    [true, 2],
    [false, 1],
  ] as const) {
    expect(bench.run([append('s', 'b'), append('s', 'c', { lasting })])).toMatchObject([written, written]);
    expect(bench.db.prepare('pragma synchronous').get()).toEqual({ synchronous: level });
  }
});

test('saving a snapshot waits for the disk, and deleting others does not', () => {
  bench.run([append('s', 'a', { was: 0 })]);
  const [session, name] = ['s', '"n"'];
  for (const [request, level] of [
    [{ name: 'save', args: { session, name, data: '"d"' } }, 2],
    [{ name: 'load', args: { session, name } }, 1],
    [{ name: 'keepOnly', args: { session, name } }, 1],
  ] as const) {
    expect(bench.run([request])).toMatchObject([{ value: request.name === 'load' ? '"d"' : undefined }]);
    expect(bench.db.prepare('pragma synchronous').get()).toEqual({ synchronous: level });
  }
});

test('a dropped session leaves no snapshot in the file, and none comes late', () => {
  const save: StoreCall = { name: 'save', args: { session: 's', name: '"n"', data: '"d"' } };
  bench.run([append('s', 'a', { was: 0 }), save]);
  bench.run([{ name: 'drop', args: { session: 's' } }, save]);
  bench.run([save, { name: 'sweep', args: { rows: 9, droppedUntil: 0 } }]);
  expect(bench.db.prepare('select count(*) as count from snapshots').get()).toEqual({ count: 0 });
});

test('a full disk refuses the whole group with storage_full, and keeps the data', () => {
  bench.run([append('s', 'before', { was: 0, lasting: true })]);
  bench.db.exec('pragma wal_checkpoint(truncate)');
  const pages = Number(bench.db.prepare('pragma page_count').get()?.['page_count']);
  bench.db.exec(`pragma max_page_count = ${pages + 2}`);
  const outcomes = bench.run([append('s', 'small'), append('s', 'x'.repeat(100_000)), read('s')]);
  expect(outcomes).toMatchObject([
    { refused: 'storage_full' },
    { refused: 'storage_full' },
    { refused: 'storage_full' },
  ]);
  expect(bench.run([read('s')])).toMatchObject([{ value: { rows: [{ last: 1, events: '["before"]' }] } }]);
  bench.db.exec('pragma max_page_count = 1000000');
  expect(bench.run([append('s', 'x'.repeat(100_000))])).toMatchObject([
    { value: { type: 'written', row: { last: 2 } } },
  ]);
});

test('a check writes, and changes nothing', () => {
  const check: StoreCall = { name: 'check', args: {} };
  const before = bench.db.prepare('pragma user_version').get();
  bench.db.exec('pragma wal_checkpoint(truncate)');
  expect(bench.run([check])).toEqual([{ value: undefined }]);
  expect(bench.db.prepare('pragma wal_checkpoint').get()).toMatchObject({ log: 1 });
  expect(bench.db.prepare('pragma user_version').get()).toEqual(before);
  const other = openDatabase(bench.path);
  bench.db.exec('pragma busy_timeout = 1');
  other.exec('begin immediate');
  expect(bench.run([check])).toMatchObject([{ refused: 'unavailable' }]);
  other.exec('rollback');
  other.close();
  bench.db.exec('pragma query_only = 1');
  expect(bench.run([check])).toMatchObject([{ refused: 'unavailable' }]);
});

test('a lock that is held for too long is unavailable, and calls work again afterwards', () => {
  const other = openDatabase(bench.path);
  bench.db.exec('pragma busy_timeout = 1');
  other.exec('begin immediate');
  expect(bench.run([append('s', 'a', { was: 0 })])).toMatchObject([
    { refused: 'unavailable', reason: expect.stringContaining('SQLITE_BUSY') },
  ]);
  expect(bench.run([read('s')])).toMatchObject([{ value: { type: 'missing' } }]);
  other.exec('rollback');
  other.close();
  expect(bench.run([append('s', 'a', { was: 0 })])).toMatchObject([written]);
});
