import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { typed } from '../dialects/index.ts';
import { drainStreams } from './drain-streams.ts';
import type { OpenStream } from './stream.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Streams of sessions named by their number, and when each was ended. */
function open(count: number): { readonly streams: readonly OpenStream[]; readonly endedAt: number[] } {
  const endedAt: number[] = [];
  const from = performance.now();
  const streams = Array.from({ length: count }, (_, index) => ({
    session: String(index),
    principal: { owner: 'anna' },
    dialect: typed,
    end: () => void (endedAt[index] = performance.now() - from),
  }));
  return { streams, endedAt };
}

test('of many streams at most a tenth ends in any second', async () => {
  const { streams, endedAt } = open(2_000);
  const drained = drainStreams(streams, { isAtWork: () => false, drainMs: 30_000 });
  await vi.runAllTimersAsync();
  await drained;
  expect(endedAt).toHaveLength(2_000);
  for (let second = 0; second < 13_000; second += 100) {
    const ended = endedAt.filter((at) => at >= second && at < second + 1_000).length;
    expect(ended).toBeLessThanOrEqual(200);
  }
  expect(Math.max(...endedAt)).toBeLessThan(13_000);
});

test('a few end at once', () => {
  const { streams, endedAt } = open(5);
  void drainStreams(streams, { isAtWork: () => false, drainMs: 30_000 });
  expect(endedAt).toEqual([0, 0, 0, 0, 0]);
});

test('who waits for a turn stays to its end, but no longer than there is time', async () => {
  const { streams, endedAt } = open(2);
  const isAtWork = (session: string): boolean => session === '1' || performance.now() < quietAt;
  const quietAt = performance.now() + 500;
  const drained = drainStreams(streams, { isAtWork, drainMs: 3_000 });
  await vi.runAllTimersAsync();
  await drained;
  expect(endedAt).toEqual([500, 3_000]);
});
