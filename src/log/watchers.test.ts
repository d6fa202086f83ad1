import { expect, test, vi } from 'vitest';
import { createWatchers } from './watchers.ts';

test('a function that watches twice is woken twice, and each watch stops alone', async () => {
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

test('wake does not run the watchers synchronously', () => {
  const watchers = createWatchers();
  const wake = vi.fn<() => void>();
  watchers.watch('s', wake);
  watchers.wake('s');
  expect(wake).not.toHaveBeenCalled();
});

test('the registry reports each start and stop of a watch, and forgets stopped watchers', () => {
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

test('a watcher that starts after all others have stopped is woken', async () => {
  const watchers = createWatchers();
  watchers.watch('s', () => {})();
  const wake = vi.fn<() => void>();
  watchers.watch('s', wake);
  watchers.wake('s');
  await Promise.resolve();
  expect(wake).toHaveBeenCalledOnce();
});
