import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toContractState, toContractText, toNextHead } from '../store/contract-check.ts';
import { openDatabase } from './open-database.ts';
import { schemaSteps } from './schema.ts';
import { sqliteStore } from './sqlite.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  path = join(folder, 'log.db');
});

afterEach(() => rm(folder, { recursive: true }));

const head = (dueAt?: number): string =>
  JSON.stringify({ ...toNextHead(dueAt === undefined ? {} : { dueAt }), version: 1 });
const events = (text: string): string => JSON.stringify([toContractText(text)]);

/** Makes a file as version 1 left it: trimmed, held, dropped, and with keys and snapshots. */
function createVersion1(now: number): void {
  const db = new DatabaseSync(path);
  db.exec(`pragma journal_mode = wal; ${schemaSteps[0]}; pragma user_version = 1`);
  const session = db.prepare(`
    insert into sessions (id, name, dropped, version, kind, active_at, due_at, trimmed, trimmed_id, owner, head, base)
    values (?, ?, ?, 1, 'session', ?, ?, ?, ?, ?, ?, ?)`);
  const base = JSON.stringify({ ...toContractState('trimmed'), last: '1-aaaaaa' });
  session.run(1, 'trimmed', 0, 1, null, 1, '1-aaaaaa', '"owner"', head(), base);
  session.run(2, 'held', 0, 2, 0, 0, null, '"owner"', head(0), null);
  session.run(3, 'free', 0, 3, 0, 0, null, '"owner"', head(0), null);
  session.run(4, 'gone', 1, 4, null, 0, null, '', '', null);
  const append = db.prepare(
    `insert into appends (session, last, count, at, tag, events) values (?, ?, ?, 5, ?, ?)`,
  );
  append.run(1, 1, 0, '', '[]');
  append.run(1, 2, 1, 'bbbbbb', events('second'));
  append.run(2, 1, 1, 'cccccc', events('first'));
  append.run(4, 7, 0, '', '[]');
  db.prepare('insert into keys values (?, ?, ?, ?, ?)').run(1, '"key"', 'digest', 2, null);
  db.prepare('insert into leases values (?, ?, ?, ?, 0, 0, null, null)').run(2, 4, 'nonce', now + 5_000);
  db.prepare('insert into snapshots values (?, ?, ?)').run(1, '"name"', '"data"');
  db.close();
}

test('a file of version 1 is opened, and everything in it is there', async () => {
  let now = Date.now();
  createVersion1(now);
  const store = await sqliteStore({ path, now: () => now });
  const { log, leases, sessions, snapshots, checkpoints } = store;
  const again = await log.append('trimmed', [], { key: { id: 'key', digest: 'digest' } });
  expect(again).toMatchObject({ reason: 'duplicate', entries: [{ id: '2-bbbbbb' }] });
  expect(await log.read('trimmed', undefined, 9)).toMatchObject({
    base: { session: 'trimmed', last: '1-aaaaaa' },
    entries: [{ id: '2-bbbbbb', event: toContractText('second') }],
  });
  expect(await log.append('gone', [], { head: { was: 0, now: toNextHead() } })).toMatchObject({
    reason: 'missing',
  });
  const listed = await sessions.list('owner', { limit: 2 });
  expect(listed.map(({ session }) => session)).toEqual(['free', 'held']);
  expect((await sessions.due({ limit: 9 })).map(({ session }) => session)).toEqual(['held', 'free']);
  expect(await leases.due(9)).toEqual(['free']);
  now += 5_000;
  expect(await leases.due(9)).toEqual(['held', 'free']);
  expect(await leases.claim('held', 'node', 1_000)).toMatchObject({ epoch: 5 });
  expect(await leases.due(9)).toEqual(['free']);
  expect(await snapshots.load('trimmed', 'name')).toBe('data');
  const next = { was: undefined, tag: 'a', record: '{}', count: 1, pages: new Map([[0, '"page"']]) };
  expect(await checkpoints.save('trimmed', next)).toBe(true);
  expect(await checkpoints.load('trimmed', { last: 1 })).toMatchObject({ pages: ['"page"'] });
  await store.close();
});

test('the name of a session that version 1 dropped stays taken from now on', () => {
  const before = Math.floor(Date.now() / 1_000) * 1_000;
  createVersion1(before);
  const db = openDatabase(path);
  const dropped = db.prepare('select id, dropped_at as at from sessions where dropped_at is not null').all();
  expect(dropped).toEqual([{ id: 4, at: expect.any(Number) }]);
  expect(dropped[0]?.['at']).toBeGreaterThanOrEqual(before);
  expect(dropped[0]?.['at']).toBeLessThanOrEqual(Date.now());
  db.close();
});

test('a migration that fails leaves the file as it was', () => {
  createVersion1(0);
  const db = new DatabaseSync(path);
  db.exec('create table leftovers (a)');
  expect(() => openDatabase(path)).toThrow('leftovers already exists');
  expect(db.prepare('pragma user_version').get()).toEqual({ user_version: 1 });
  expect(db.prepare('select count(*) as bases from sessions where base is not null').get()).toEqual({
    bases: 1,
  });
  db.close();
});
