import { expect, test } from 'vitest';
import { tryFactory } from './try-factory.ts';

test.each<readonly [string, (context: Record<string, unknown>) => unknown, object]>([
  ['what it makes', () => 1, { type: 'made', made: 1 }],
  ['what its promise brings', async () => 1, { type: 'made', made: 1 }],
  ['the first field that it reads', ({ input, call }) => [input, call], { type: 'reads', field: 'input' }],
  ['that it copies its context', (context) => ({ ...context }), { type: 'reads', field: 'all' }],
  ['that it awaits its context', (context) => Promise.resolve(context), { type: 'reads', field: 'then' }],
  ['why it fails', () => Promise.reject('no'), { type: 'failed', error: 'no' }],
])('a trial shows %s', async (_, factory, trial) => {
  expect(await tryFactory(factory)).toEqual(trial);
});

test('a promise that does not settle is not waited for', async () => {
  expect(await tryFactory(() => new Promise(() => {}), 1)).toEqual({ type: 'late' });
});

test('what a function leaves behind may fail', async () => {
  const factory = async () => {
    void Promise.reject(new Error('left behind'));
    await new Promise((resolve) => setImmediate(resolve));
    return 1;
  };
  const listeners = process.listenerCount('unhandledRejection');
  process.once('unhandledRejection', () => {});
  expect(await tryFactory(factory)).toEqual({ type: 'made', made: 1 });
  expect(process.listenerCount('unhandledRejection')).toBe(listeners);
});
