import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAttention } from './attention.ts';
import type { Attention } from './attention.ts';

let isQuiet: boolean;
let told: boolean[];
let attention: Attention;
beforeEach(() => {
  vi.useFakeTimers();
  isQuiet = true;
  told = [];
  attention = createAttention(
    () => isQuiet,
    (isIdle) => told.push(isIdle),
  );
});
afterEach(() => void vi.useRealTimers());

test('a page is idle after it was hidden for a second with nothing awaited, until it is shown', () => {
  attention.on('hidden');
  vi.advanceTimersByTime(999);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([true]);
  attention.on('shown');
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([true, false]);
});

test('the second starts anew each time the page is hidden', () => {
  attention.on('hidden');
  vi.advanceTimersByTime(900);
  attention.on('shown');
  attention.on('hidden');
  vi.advanceTimersByTime(900);
  expect(told).toEqual([]);
});

test('a hidden page is not idle while something is awaited, and becomes idle a second later', () => {
  isQuiet = false;
  attention.on('hidden');
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
  isQuiet = true;
  for (let ms = 0; ms < 1_000; ms += 100) {
    attention.look();
    vi.advanceTimersByTime(100);
  }
  expect(told).toEqual([true]);
  // Another tab begins something.
  isQuiet = false;
  attention.look();
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([true, false]);
});

test('a send wakes an idle page, even before it changes what is awaited', () => {
  attention.on('hidden');
  vi.advanceTimersByTime(1_000);
  attention.wake();
  expect(told).toEqual([true, false]);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([true, false, true]);
});

test('a connection that comes back while the page is hidden is given up again', () => {
  attention.on('hidden');
  vi.advanceTimersByTime(1_000);
  attention.on('back');
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([true, true]);
});

test('a visible page is never idle, and a stopped tracker reports nothing', () => {
  attention.look();
  attention.on('online');
  vi.advanceTimersByTime(60_000);
  attention.on('hidden');
  attention.stop();
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
});
