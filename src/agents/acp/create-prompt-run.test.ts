import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPromptRun } from './create-prompt-run.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const acts: unknown[] = [];
  const state = { waiting: 0 };
  const run = createPromptRun({
    pressure: { came: (count) => (state.waiting += count), went: (count) => (state.waiting -= count) },
    cancelMs: 3_000,
    holdMs: 3_600_000,
    onCancel: () => acts.push('cancel'),
    onOver: (how) => acts.push(how),
  });
  const ask = (): void =>
    run.ask({ method: '', params: {}, reply: ({ ...result }) => acts.push(result), refuse: () => {} });
  return { run, acts, state, ask };
}

test('a question that nobody answers is cancelled after an hour, and the answer comes too late', async () => {
  const { run, acts, ask } = setUp();
  ask();
  await run.next();
  run.hold();
  await vi.advanceTimersByTimeAsync(3_599_000);
  expect(acts).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(acts).toEqual(['cancel', { outcome: { outcome: 'cancelled' } }]);
  expect(run.resume()).toBe(false);
  run.end({ stopReason: 'cancelled' });
  expect(await run.over).toBe('ended');
});

test('what an agent says while it waits is told in the next turn, and does not stop the process', async () => {
  const { run, state, ask } = setUp();
  ask();
  const item = await run.next();
  run.hold();
  for (let count = 0; count < 10; count++) run.hear(count);
  expect([run.waiting, state.waiting]).toEqual([10, 0]);
  expect(run.resume()).toBe(true);
  expect(state.waiting).toBe(10);
  if (item?.type === 'permission') item.permission.answer({ outcome: 'cancelled' });
  run.end('done');
  for (let count = 0; count < 10; count++)
    expect(await run.next()).toEqual({ type: 'update', update: count });
  expect(await run.next()).toEqual({ type: 'result', result: 'done' });
  expect(await run.next()).toBeUndefined();
  expect(state.waiting).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('an agent that says more than 10,000 things while it waits is cancelled', () => {
  const { run, acts, ask } = setUp();
  ask();
  run.hold();
  for (let count = 0; count < 20_000; count++) run.hear(count);
  expect(acts).toEqual(['cancel', { outcome: { outcome: 'cancelled' } }]);
});

test('after a cancel nothing is told, questions are answered, and the time to end is short', async () => {
  const { run, acts, state, ask } = setUp();
  run.hear('before');
  run.cancel();
  run.cancel();
  run.hear('after');
  ask();
  expect([acts, state.waiting]).toEqual([['cancel', { outcome: { outcome: 'cancelled' } }], 0]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await run.over).toBe('stuck');
  run.end('late');
  expect(acts).toHaveLength(3);
});

test.each(['lost', 'failed'] as const)('a prompt that is %s fails after what was said', async (how) => {
  const { run } = setUp();
  run.hear('said');
  run.fail(new Error('gone'), how);
  expect(await run.next()).toEqual({ type: 'update', update: 'said' });
  await expect(run.next()).rejects.toThrow('gone');
  expect(await run.over).toBe(how);
});
