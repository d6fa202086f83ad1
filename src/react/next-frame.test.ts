import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onNextFrame } from './next-frame.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback, 16));
  vi.stubGlobal('cancelAnimationFrame', (frame: NodeJS.Timeout) => clearTimeout(frame));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('it calls back once, in the next frame', () => {
  const callback = vi.fn();
  onNextFrame(callback);
  vi.advanceTimersByTime(17);
  expect(callback).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_000);
  expect(callback).toHaveBeenCalledTimes(1);
});

test('if no frame comes, as in a hidden page, it calls back a little later', () => {
  const cancelled = vi.fn();
  vi.stubGlobal('requestAnimationFrame', () => 7);
  vi.stubGlobal('cancelAnimationFrame', cancelled);
  const callback = vi.fn();
  onNextFrame(callback);
  vi.advanceTimersByTime(249);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledTimes(1);
  expect(cancelled).toHaveBeenCalledWith(7);
});

test('it can be stopped', () => {
  const callback = vi.fn();
  onNextFrame(callback)();
  vi.advanceTimersByTime(1_000);
  expect(callback).not.toHaveBeenCalled();
});
