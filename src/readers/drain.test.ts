import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { typed } from '../dialects/index.ts';
import { drainReaders } from './drain.ts';
import type { Reader } from './reader.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Creates readers of sessions that are named by their index, and records when each one was ended. */
function open(count: number): { readonly readers: ReadonlySet<Reader>; readonly endedAt: number[] } {
  const endedAt: number[] = [];
  const from = performance.now();
  const readers = Array.from({ length: count }, (_, index) => ({
    session: String(index),
    dialect: typed,
    end: () => void (endedAt[index] = performance.now() - from),
  }));
  return { readers: new Set(readers), endedAt };
}

test('at most a tenth of many readers ends in any second', async () => {
  const { readers, endedAt } = open(2_000);
  const drained = drainReaders(readers, { isAtWork: () => false, drainMs: 30_000 });
  await vi.runAllTimersAsync();
  await drained;
  expect(endedAt).toHaveLength(2_000);
  for (let second = 0; second < 13_000; second += 100) {
    const ended = endedAt.filter((at) => at >= second && at < second + 1_000).length;
    expect(ended).toBeLessThanOrEqual(200);
  }
  expect(Math.max(...endedAt)).toBeLessThan(13_000);
});

test('a few readers end at once', () => {
  const { readers, endedAt } = open(5);
  void drainReaders(readers, { isAtWork: () => false, drainMs: 30_000 });
  expect(endedAt).toEqual([0, 0, 0, 0, 0]);
});

test('a reader that waits for a turn stays until the turn ends, but not beyond the drain time', async () => {
  const { readers, endedAt } = open(2);
  const isAtWork = (session: string): boolean => session === '1' || performance.now() < quietAt;
  const quietAt = performance.now() + 500;
  const drained = drainReaders(readers, { isAtWork, drainMs: 3_000 });
  await vi.runAllTimersAsync();
  await drained;
  expect(endedAt).toEqual([500, 3_000]);
});
