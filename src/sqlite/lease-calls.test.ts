import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { maxLeaseMs } from '../log/internal.ts';
import type { Fence } from '../log/index.ts';
import { createLeaseCalls } from './lease-calls.ts';
import { openDatabase } from './open-database.ts';
import { createStoredSessions } from './stored-session.ts';

let folder = '';
let db: DatabaseSync;
let leases: ReturnType<typeof createLeaseCalls>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  db = openDatabase(join(folder, 'log.db'));
  db.exec(`
    insert into sessions (name, version, kind, active_at, due_at, owner, head)
    values ('a', 1, 'session', 0, 1, '', ''), ('b', 1, 'session', 0, 2, '', ''), ('c', 1, 'session', 0, 3, '', '')`);
  leases = createLeaseCalls(db, createStoredSessions(db));
});

afterEach(async () => {
  db.close();
  await rm(folder, { recursive: true });
});

function claim(session: string, now: number): Fence {
  const fence = leases.claim({ session, node: 'node', now, ttlMs: 1_000 });
  if (fence === undefined) throw new Error('The lease was free.');
  return fence;
}

/** Looks for due sessions. Returns them, how many rows the look wrote, and how many it can find at all. */
function look(now: number): readonly [due: readonly string[], writes: number, free: number] {
  const changes = (): number => Number(db.prepare('select total_changes() as n').get()?.['n']);
  const before = changes();
  const due = leases.due({ now, limit: 9 });
  const free = db.prepare('select count(*) as n from sessions where held_until is null').get()?.['n'];
  return [due, changes() - before, Number(free)];
}

test('a look does not pass held sessions, and frees a session once when its lease expires', () => {
  expect(look(10)).toEqual([['a', 'b', 'c'], 0, 3]);
  const fences = ['a', 'b', 'c'].map((session, index) => claim(session, 10 + index));
  expect(look(20)).toEqual([[], 0, 0]);
  expect(look(1_011)).toEqual([['a', 'b'], 2, 2]);
  expect(look(1_011)).toEqual([['a', 'b'], 0, 2]);
  const [a, , c] = fences;
  if (a === undefined || c === undefined) throw new Error('There are three.');
  expect(leases.renew({ fence: a, until: 3_000 })).toBe(true);
  expect(look(1_012)).toEqual([['b', 'c'], 1, 2]);
  claim('b', 1_012);
  expect(leases.release({ fence: a, ifHead: undefined })).toBe(true);
  expect(look(1_013)).toEqual([['a', 'c'], 0, 2]);
});

test('a clock that is set back frees the leases of before, and one that was set forward frees none for long', () => {
  const fence = claim('a', 1_000_000);
  expect(look(1_001_000 - maxLeaseMs)).toEqual([['b', 'c'], 0, 2]);
  expect(look(1_000_999 - maxLeaseMs)).toEqual([['a', 'b', 'c'], 1, 3]);
  // With the right time again the lease is live, and nothing has claimed it.
  expect(look(1_000_500)).toEqual([['b', 'c'], 0, 3]);
  expect(leases.claim({ session: 'a', node: 'other', now: 1_000_500, ttlMs: 1 })).toBeUndefined();
  leases.renew({ fence, until: 1_002_000 });
  expect(look(1_000_500)).toEqual([['b', 'c'], 0, 2]);
});
