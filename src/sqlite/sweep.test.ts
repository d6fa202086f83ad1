import { expect, test } from 'vitest';
import type { StoreCall } from './calls.ts';
import { toAppendCall, useGroup } from './group.fixture.ts';
import { openDatabase } from './open-database.ts';

const bench = useGroup();

/** Creates a session with appends of one entry each, most of them written past the calls of the store. */
function create(session: string, entries: number): void {
  bench.run([toAppendCall(session, { was: 0 })]);
  bench.db
    .prepare(`
    insert into appends (session, last, count, at, tag, events)
    with recursive seq (last) as (select 2 union all select last + 1 from seq where last < :entries)
    select (select id from sessions where name = :session), last, 1, 0, 'aaaaaa', '["x"]' from seq
    where :entries > 1`)
    .run({ session, entries });
  bench.reopen();
}

function valueOf(call: StoreCall): unknown {
  const [outcome] = bench.run([call]);
  if (outcome === undefined || 'refused' in outcome) throw new Error(outcome?.reason);
  return outcome.value;
}

const drop = (session: string): StoreCall => ({ name: 'drop', args: { session } });
const trim = (session: string, upTo: string): StoreCall => ({
  name: 'trim',
  args: { session, upTo, state: '{}' },
});
const sweep = (rows: number, droppedUntil = 0): unknown =>
  valueOf({ name: 'sweep', args: { rows, droppedUntil } });

/** Sweeps until nothing is left. Returns how many slices left more behind. */
function sweepAll(rows: number, between = (): void => {}): number {
  let slices = 0;
  for (; sweep(rows) === true; slices += 1) between();
  return slices;
}

function count(table: string): number {
  return Number(bench.db.prepare(`select count(*) as rows from ${table}`).get()?.['rows']);
}

const written = { type: 'written' };

test('a drop of a long session is done at once, and other sessions append between its slices', () => {
  create('long', 300_000);
  create('other', 1);
  const before = bench.db.prepare('select total_changes() as changes').get()?.['changes'];
  expect(valueOf(drop('long'))).toBe(true);
  const changes =
    Number(bench.db.prepare('select total_changes() as changes').get()?.['changes']) - Number(before);
  expect(changes).toBeLessThan(10);
  expect(valueOf(toAppendCall('long'))).toMatchObject({ reason: 'missing' });
  const slices = sweepAll(5_000, () => expect(valueOf(toAppendCall('other'))).toMatchObject(written));
  expect(slices).toBe(59);
  expect(valueOf({ name: 'read', args: { session: 'other', after: undefined, limit: 99 } })).toMatchObject({
    last: 60,
  });
  // The mark of the drop, and the entries of the other session.
  expect(count('appends')).toBe(61);
});

test('a drop deletes everything of its session, in slices of any size', () => {
  for (const [index, rows] of [1, 2, 3, 100].entries()) {
    const session = `s${index}`;
    create(session, 5);
    for (const key of ['a', 'b', 'c']) bench.run([toAppendCall(session, { key })]);
    const pages = new Map([0, 1, 2].map((page): [number, string] => [page, `"${page}"`]));
    const next = { was: undefined, tag: 'a', record: '{}', count: 3, pages };
    valueOf({ name: 'saveCheckpoint', args: { session, next } });
    valueOf({ name: 'save', args: { session, name: '"n"', data: '"d"' } });
    valueOf({ name: 'claim', args: { session, node: 'n', now: 0, ttlMs: 1 } });
    valueOf(trim(session, '2-aaaaaa'));
    valueOf(drop(session));
    sweepAll(rows);
    const kept = ['keys', 'leases', 'snapshots', 'bases', 'checkpoints', 'checkpoint_pages', 'leftovers'];
    expect(kept.map(count)).toEqual(kept.map(() => 0));
    expect(count('appends')).toBe(index + 1);
    expect(count('sessions')).toBe(index + 1);
  }
});

test('long texts end a slice early, and each slice deletes at least one row', () => {
  create('s', 1);
  const long = JSON.stringify(['x'.repeat(3 * 1024 * 1024)]);
  const { args } = toAppendCall('s');
  for (let index = 0; index < 5; index += 1) bench.run([{ name: 'append', args: { ...args, events: long } }]);
  valueOf(drop('s'));
  expect(sweepAll(1_000)).toBe(2);
});

test('a trim of a long session is done at once, and its keys stay known', () => {
  create('long', 20_000);
  bench.run([toAppendCall('long', { key: 'early' })]);
  const { tag } = Object(valueOf(toAppendCall('long', { key: 'late' })))['row'];
  const upTo = `20002-${tag}`;
  const again = [toAppendCall('long', { key: 'early' }), toAppendCall('long', { key: 'late' })];
  const duplicates = [{ value: { row: { last: 20_001 } } }, { value: { row: { last: 20_002 } } }];
  expect(valueOf(trim('long', upTo))).toBe('done');
  const read = (after?: string): unknown =>
    valueOf({ name: 'read', args: { session: 'long', after, limit: 9 } });
  expect(read()).toMatchObject({ type: 'page', base: '{}', first: 20_003, rows: [] });
  expect(read('7-aaaaaa')).toMatchObject({ type: 'gone', reason: 'trimmed' });
  expect(bench.run(again)).toMatchObject(duplicates);
  const slices = sweepAll(1_000, () => expect(valueOf(toAppendCall('long'))).toMatchObject(written));
  expect(slices).toBe(20);
  expect(read()).toMatchObject({ first: 20_003, last: 20_022, rows: { length: 9 } });
  expect(read(upTo)).toMatchObject({ type: 'page', first: 20_003 });
  expect(bench.run(again)).toMatchObject(duplicates);
  expect(count('appends')).toBe(21);
});

test('what is left to delete is found by another process, and by the next one', () => {
  create('s', 100);
  valueOf(drop('s'));
  expect(sweep(10)).toBe(true);
  const other = openDatabase(bench.path);
  bench.reopen(other);
  expect(sweepAll(10)).toBe(8);
  other.close();
  expect(count('appends')).toBe(1);
});

test('the name of a dropped session is free after its time, and nothing of it is left', () => {
  for (const session of ['a', 'b', 'c']) {
    create(session, 3);
    valueOf(drop(session));
  }
  bench.db.exec(`update sessions set dropped_at = 1000 where name < 'c'`);
  expect(sweep(100, 999)).toBe(false);
  expect([count('sessions'), count('appends')]).toEqual([3, 3]);
  expect(sweep(1, 1_000)).toBe(true);
  expect(valueOf(toAppendCall('b', { was: 0 }))).toMatchObject({ reason: 'missing' });
  expect(sweep(1, 1_000)).toBe(true);
  expect(sweep(1, 1_000)).toBe(false);
  expect([count('sessions'), count('appends')]).toEqual([1, 1]);
  expect(valueOf(toAppendCall('c', { was: 0 }))).toMatchObject({ reason: 'missing' });
  expect(valueOf(toAppendCall('a', { was: 0 }))).toMatchObject(written);
  expect(valueOf({ name: 'read', args: { session: 'a', after: undefined, limit: 9 } })).toMatchObject({
    first: 1,
    rows: [{ last: 1 }],
  });
});

test('the newest row stays until there is a newer one, so that no other process overlooks that', () => {
  create('s', 1);
  valueOf(drop('s'));
  const newest = (): unknown => bench.db.prepare('select max(id) as id from appends').get()?.['id'];
  const mark = newest();
  expect(sweep(9, Infinity)).toBe(false);
  expect([count('sessions'), newest()]).toEqual([1, mark]);
  create('t', 1);
  expect(newest()).toBeGreaterThan(Number(mark));
  expect(sweep(9, Infinity)).toBe(false);
  expect([count('sessions'), count('appends')]).toEqual([1, 1]);
});
