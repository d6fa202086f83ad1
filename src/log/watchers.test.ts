import { expect, test, vi } from 'vitest';
import { createWatchers } from './watchers.ts';

test('a function that waits twice is woken twice, and stopped one by one', async () => {
  const watchers = createWatchers();
  const wake = vi.fn<() => void>();
  const stops = [watchers.watch('s', wake), watchers.watch('s', wake)];
  watchers.wake('s');
  await Promise.resolve();
  expect(wake).toHaveBeenCalledTimes(2);
  stops[0]?.();
  stops[0]?.();
  expect(watchers.size).toBe(1);
  watchers.wake('s');
  await Promise.resolve();
  expect(wake).toHaveBeenCalledTimes(3);
});

test('who wakes the watchers does not run them', () => {
  const watchers = createWatchers();
  const wake = vi.fn<() => void>();
  watchers.watch('s', wake);
  watchers.wake('s');
  expect(wake).not.toHaveBeenCalled();
});

test('the registry tells when somebody starts or stops waiting, and keeps nothing of who has stopped', () => {
  const onChange = vi.fn<(session: string) => void>();
  const watchers = createWatchers(onChange);
  const stop = watchers.watch('s', () => {});
  const other = watchers.watch('other', () => {});
  expect([watchers.size, watchers.has('s'), watchers.has('never')]).toEqual([2, true, false]);
  stop();
  other();
  stop();
  expect([watchers.size, watchers.has('s')]).toEqual([0, false]);
  expect(onChange.mock.calls).toEqual([['s'], ['other'], ['s'], ['other']]);
});

test('a watcher that comes after all others have stopped is woken', async () => {
  const watchers = createWatchers();
  watchers.watch('s', () => {})();
  const wake = vi.fn<() => void>();
  watchers.watch('s', wake);
  watchers.wake('s');
  await Promise.resolve();
  expect(wake).toHaveBeenCalledOnce();
});
