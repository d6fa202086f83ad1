import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWheel } from './wheel.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('what is due in the same slot is called in one go, with one timer', async () => {
  const wheel = createWheel(5);
  const calls: string[] = [];
  wheel.after(22, () => calls.push('first'));
  await vi.advanceTimersByTimeAsync(1);
  wheel.after(23, () => calls.push('second'));
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersToNextTimerAsync();
  expect(calls).toEqual(['first', 'second']);
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing comes late, and nothing comes more than a slot early', async () => {
  const wheel = createWheel(5);
  const waits: number[] = [];
  for (let index = 0; index < 40; index += 1) {
    const due = performance.now() + 25;
    wheel.after(25, () => waits.push(due - performance.now()));
    await vi.advanceTimersByTimeAsync(1);
  }
  await vi.advanceTimersByTimeAsync(30);
  expect(waits).toHaveLength(40);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...waits)).toBeLessThanOrEqual(5);
});

test('what is due sooner is called first', async () => {
  const wheel = createWheel(5);
  const calls: string[] = [];
  wheel.after(50, () => calls.push('late'));
  wheel.after(10, () => calls.push('soon'));
  wheel.after(-1, () => calls.push('overdue'));
  await vi.advanceTimersByTimeAsync(2);
  expect(calls).toEqual(['overdue']);
  await vi.advanceTimersByTimeAsync(8);
  expect(calls).toEqual(['overdue', 'soon']);
  await vi.advanceTimersByTimeAsync(50);
  expect(calls).toEqual(['overdue', 'soon', 'late']);
});

test('a call may ask for the next one', async () => {
  const wheel = createWheel(5);
  const times: number[] = [];
  const begun = performance.now();
  const again = (): void => {
    times.push(performance.now() - begun);
    if (times.length < 3) wheel.after(10, again);
  };
  wheel.after(10, again);
  await vi.advanceTimersByTimeAsync(60);
  expect(times).toHaveLength(3);
});
