import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { EventLog, NextHead } from '../log/index.ts';
import { watchCancel } from './watch-cancel.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const idle: NextHead = { owner: 'ada', kind: 'session', createdAt: 1, activeAt: 1, queue: [] };
const open: NextHead = { ...idle, turn: { turn: 't1', message: 'm1', attempt: 1 } };
const cancelled: NextHead = { ...idle, turn: { turn: 't1', message: 'm1', attempt: 1, cancelled: true } };

interface Watched {
  readonly log: EventLog;
  readonly watch: ReturnType<typeof watchCancel>;
  /** The number of reads of the head. */
  readonly reads: () => number;
  /** Appends a word, as the turn does. */
  readonly speak: () => Promise<void>;
  /** Replaces the head, as a command does. */
  readonly replace: (was: number, now: NextHead) => Promise<void>;
}

async function setUp(): Promise<Watched> {
  const { log } = memoryStore();
  const read = vi.spyOn(log, 'read');
  const replace = async (was: number, now: NextHead): Promise<void> => {
    expect(await log.append('s1', [], { head: { was, now } })).toMatchObject({ type: 'appended' });
  };
  await replace(0, open);
  const watch = watchCancel(log, 's1', 't1', 1);
  await vi.advanceTimersByTimeAsync(0);
  const speak = async (): Promise<void> => {
    await log.append('s1', [{ type: 'content', turn: 't1', part: 'p1', data: 'word' }]);
  };
  return { log, watch, reads: () => read.mock.calls.length, speak, replace };
}

test('the events of the turn itself cause no read of the head', async () => {
  const { watch, reads, speak } = await setUp();
  expect(reads()).toBe(1);
  for (let word = 0; word < 10; word++) {
    await speak();
    await vi.advanceTimersByTimeAsync(word * 20);
  }
  expect(reads()).toBe(1);
  expect(watch.signal.aborted).toBe(false);
});

test('a cancel stops a silent turn at once, and so does its end by another node', async () => {
  for (const now of [cancelled, idle]) {
    const { watch, replace } = await setUp();
    await vi.advanceTimersByTimeAsync(5_000);
    await replace(1, now);
    await vi.advanceTimersByTimeAsync(0);
    expect(watch.signal.aborted).toBe(true);
  }
});

test('a cancel between two words stops a turn that speaks', async () => {
  const { watch, speak, replace } = await setUp();
  await speak();
  await replace(1, cancelled);
  await speak();
  await vi.advanceTimersByTimeAsync(100);
  expect(watch.signal.aborted).toBe(true);
});

test('a command that is no cancel causes one read', async () => {
  const { watch, reads, speak, replace } = await setUp();
  await replace(1, { ...open, activeAt: 2 });
  for (let word = 0; word < 10; word++) {
    await speak();
    await vi.advanceTimersByTimeAsync(40);
  }
  expect(reads()).toBe(2);
  expect(watch.signal.aborted).toBe(false);
});

test('hints without a version cause at most ten reads a second', async () => {
  const { log, reads } = await setUp();
  const wakes: (() => void)[] = [];
  vi.spyOn(log, 'watch').mockImplementation((_, wake) => {
    wakes.push(wake);
    return () => {};
  });
  watchCancel(log, 's1', 't1', 1);
  const before = reads();
  for (let hint = 0; hint < 100; hint++) {
    wakes[0]?.();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(reads() - before).toBeGreaterThan(8);
  expect(reads() - before).toBeLessThan(12);
});

test('a failed read of the head is repeated, even without another hint', async () => {
  const { log, watch, replace } = await setUp();
  await vi.advanceTimersByTimeAsync(1_000);
  vi.spyOn(log, 'read').mockRejectedValueOnce(new Error('down'));
  await replace(1, idle);
  await vi.advanceTimersByTimeAsync(0);
  expect(watch.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(watch.signal.aborted).toBe(true);
});
