import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { standForElection } from './election.ts';
import type { Election } from './election.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Locks that exist but refuse, as in a sandboxed frame. */
function refusing(how: () => Promise<never>): { locks: LockManager; asked: () => number } {
  const request = vi.fn(how);
  return { locks: { request } as unknown as LockManager, asked: () => request.mock.calls.length };
}

const refusals: readonly [string, () => Promise<never>][] = [
  ['by a promise', () => Promise.reject(new DOMException('Refused.', 'SecurityError'))],
  [
    'at once',
    () => {
      throw new DOMException('Refused.', 'SecurityError');
    },
  ],
];

test.each(refusals)('a lock that is refused %s is requested again only after a pause', async (_, how) => {
  const { locks, asked } = refusing(how);
  const lead = vi.fn(() => () => {});
  const election = standForElection(locks, 'refused', lead);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked()).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBeGreaterThan(1);
  expect(asked()).toBeLessThan(20);
  expect(lead).not.toHaveBeenCalled();

  election.seize();
  election.leave();
  const before = asked();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(before);
});

test('a tab that fails to lead gives the lead up', async () => {
  const lead = vi
    .fn<() => () => void>(() => () => {})
    .mockImplementationOnce(() => {
      throw new Error('It cannot lead.');
    });
  const election = standForElection(navigator.locks, 'fails once', lead);
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.waitFor(() => expect(lead).toHaveBeenCalledTimes(2));
  election.leave();
});

test('a tab that lost the lead waits for it again at once, and gets it when the other tab leaves', async () => {
  const told: string[] = [];
  const stand = (name: string): Election =>
    standForElection(navigator.locks, 'seized', () => {
      told.push(`${name} leads`);
      return () => told.push(`${name} leads no more`);
    });
  const first = stand('the first');
  await vi.waitFor(() => expect(told).toHaveLength(1));
  const second = stand('the second');
  second.seize();
  await vi.waitFor(() => expect(told).toHaveLength(3));
  second.leave();
  await vi.waitFor(() => expect(told).toHaveLength(5));
  first.leave();
  await vi.waitFor(() => expect(told).toHaveLength(6));
  expect(told.slice(0, 3).toSorted()).toEqual([
    'the first leads',
    'the first leads no more',
    'the second leads',
  ]);
  expect(told.slice(3)).toEqual(['the second leads no more', 'the first leads', 'the first leads no more']);
});
