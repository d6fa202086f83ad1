import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { toContractText, toNextHead } from '../store/contract-check.ts';
import type { StoreCall, StoreOutcome } from './calls.ts';
import { sqliteStore } from './sqlite.ts';
import { createSweeper, sliceRows } from './sweeper.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  path = join(folder, 'log.db');
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

/** Opens the file beside the store, with a count of the rows that a table has. */
function look(): { rowsOf(table: string): number; exec(sql: string): void; close(): void } {
  const db = new DatabaseSync(path);
  return {
    rowsOf: (table) => Number(db.prepare(`select count(*) as rows from ${table}`).get()?.['rows']),
    exec: (sql) => db.exec(sql),
    close: () => db.close(),
  };
}

test('a dropped session is deleted while others append, and a restart goes on with it', async () => {
  let store = await sqliteStore({ path });
  const head = { was: 0, now: toNextHead() };
  await store.log.append('long', [], { head });
  await store.log.append('other', [], { head });
  await store.close();
  const file = look();
  file.exec(`
    insert into appends (session, last, count, at, tag, events)
    with recursive seq (last) as (select 1 union all select last + 1 from seq where last < 300000)
    select 1, last, 1, 0, 'aaaaaa', '["x"]' from seq`);
  store = await sqliteStore({ path });
  await store.log.drop('long');
  // Each append waits for one slice at most.
  for (let index = 1; index <= 10; index += 1) {
    await store.log.append('other', [toContractText(`${index}`)]);
    expect(file.rowsOf('appends')).toBeGreaterThan(100_000);
  }
  await store.close();
  const rest = file.rowsOf('appends');
  expect(rest).toBeLessThan(300_000);
  store = await sqliteStore({ path });
  await vi.waitFor(() => expect(file.rowsOf('appends')).toBe(11), { timeout: 60_000, interval: 100 });
  expect(await store.log.read('other', undefined, 99)).toMatchObject({ entries: { length: 10 } });
  await store.close();
  file.close();
}, 90_000);

test('the name of a dropped session is taken for tombstoneMs', async () => {
  const store = await sqliteStore({ path, tombstoneMs: 50 });
  const create = () => store.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  await create();
  await store.log.drop('s');
  expect(await create()).toMatchObject({ reason: 'missing' });
  await store.log.append('other', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  await vi.waitFor(
    async () => expect(await create()).toMatchObject({ type: 'appended', version: 1 }),
    10_000,
  );
  await store.close();
});

test.each([Number.NaN, 0, -1, 1.5])(
  'a tombstoneMs of %s is refused before the file is made',
  async (value) => {
    await expect(sqliteStore({ path, tombstoneMs: value })).rejects.toThrow(
      `tombstoneMs: ${value} is not taken`,
    );
    expect(() => new DatabaseSync(path, { readOnly: true })).toThrow('unable to open');
  },
);

test('with a tombstoneMs of Infinity the name is taken for ever', async () => {
  const store = await sqliteStore({ path, tombstoneMs: Infinity });
  const create = () => store.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  await create();
  await store.log.drop('s');
  await store.log.append('other', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  await store.log.drop('other');
  expect(await create()).toMatchObject({ reason: 'missing' });
  await store.close();
});

test('on a full disk the slices get smaller, and grow again afterwards', async () => {
  vi.useFakeTimers();
  const sizes: number[] = [];
  const full: StoreOutcome = { refused: 'storage_full', reason: 'full' };
  const run = ([call]: readonly StoreCall[]): readonly StoreOutcome[] => {
    const rows = call?.name === 'sweep' ? call.args.rows : 0;
    sizes.push(rows);
    return [rows > 2 && sizes.length < 8 ? full : { value: true }];
  };
  const sweeper = createSweeper(run, 1_000);
  await vi.advanceTimersByTimeAsync(6_000);
  sweeper.close();
  expect(sizes.slice(0, 8)).toEqual([sliceRows, 125, 31, 7, 1, 2, 4, 1]);
  expect(sizes.at(-1)).toBe(sliceRows);
  const slices = sizes.length;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(sizes.length).toBe(slices);
});
