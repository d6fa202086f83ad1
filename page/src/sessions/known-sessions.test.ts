import { expect, test } from 'vitest';
import type { SessionSummary } from 'heddle/client';
import { withNewest, withOlder, withoutSession } from './known-sessions.ts';
import type { KnownSessions } from './known-sessions.ts';

/** Returns sessions that were last active at these times. Each is created at and named after its time. */
function active(...times: readonly number[]): readonly SessionSummary[] {
  return times.map((at) => ({ session: `s${at}`, createdAt: at, activeAt: at }));
}
const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: from - to + 1 }, (_, index) => from - index);
const names = ({ sessions }: KnownSessions): readonly string[] => sessions.map(({ session }) => session);

test('a page that is not full is the whole list', () => {
  const known = withNewest(undefined, active(3, 2, 1));
  expect(names(known)).toEqual(['s3', 's2', 's1']);
  expect(known.hasMore).toBe(false);
  expect(names(withNewest(known, active(3)))).toEqual(['s3']);
});

test('after a full page there may be more, until a page is not full', () => {
  const first = withNewest(undefined, active(...range(300, 201)));
  expect(first.hasMore).toBe(true);
  const second = withOlder(first, active(...range(200, 101)));
  expect(second.hasMore).toBe(true);
  const third = withOlder(second, active(...range(100, 51)));
  expect(names(third)).toEqual(range(300, 51).map((at) => `s${at}`));
  expect(third.hasMore).toBe(false);
});

test('reading the first page again keeps older sessions; a session that moved up is there once, a deleted one not at all', () => {
  const known = withOlder(withNewest(undefined, active(...range(300, 201))), active(...range(200, 151)));
  const moved = { session: 's160', createdAt: 160, activeAt: 301 };
  const page = [moved, ...active(...range(300, 201).filter((at) => at !== 250))];
  const again = withNewest(known, page);
  expect(names(again)).toEqual([
    's160',
    ...range(300, 151)
      .filter((at) => at !== 250 && at !== 160)
      .map((at) => `s${at}`),
  ]);
  expect(again.hasMore).toBe(false);
});

test('sessions of one moment are kept in the order of the server: by name, downwards', () => {
  const name = (index: number): string => `s${String(index).padStart(3, '0')}`;
  const together = (from: number, to: number): readonly SessionSummary[] =>
    range(from, to).map((index) => ({ session: name(index), createdAt: 1, activeAt: 1 }));
  const known = withOlder(withNewest(undefined, together(150, 51)), together(50, 1));
  const again = withNewest(known, [...active(2), ...together(150, 52)]);
  expect(names(again)).toEqual(['s2', ...range(150, 1).map(name)]);
});

test('a session that was deleted here is removed at once', () => {
  expect(names(withoutSession(withNewest(undefined, active(2, 1)), 's2'))).toEqual(['s1']);
});
