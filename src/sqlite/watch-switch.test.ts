import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWatchSwitch } from './watch-switch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the watch goes on at once, and off only if it stays unneeded', async () => {
  const turns: boolean[] = [];
  const watch = createWatchSwitch((on) => turns.push(on));
  watch.set(false);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(turns).toEqual([]);
  watch.set(true);
  watch.set(true);
  expect(turns).toEqual([true]);
  for (let visit = 0; visit < 10; visit += 1) {
    watch.set(false);
    await vi.advanceTimersByTimeAsync(1_500);
    watch.set(true);
  }
  expect(turns).toEqual([true]);
  watch.set(false);
  watch.set(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(turns).toEqual([true, false]);
  watch.set(true);
  expect(turns).toEqual([true, false, true]);
});

test('a closed switch leaves no timer', async () => {
  const turns: boolean[] = [];
  const watch = createWatchSwitch((on) => turns.push(on));
  watch.set(true);
  watch.set(false);
  watch.close();
  // Watchers may come and go after it.
  watch.set(true);
  watch.set(false);
  expect(vi.getTimerCount()).toBe(0);
  expect(turns).toEqual([true]);
});
