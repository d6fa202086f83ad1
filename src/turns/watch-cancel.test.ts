import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { EventLog, NextHead } from '../log/index.ts';
import { watchCancel } from './watch-cancel.ts';
import type { CancelWatch } from './watch-cancel.ts';

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
  readonly watch: CancelWatch;
  /** How often the head was read. */
  readonly reads: () => number;
  /** Says a word, as the turn does. */
  readonly speak: () => Promise<void>;
  /** What a command does. */
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
    const said = await log.append('s1', [{ type: 'content', turn: 't1', part: 'p1', data: 'word' }]);
    if (said.type === 'appended') watch.seen(said.version);
  };
  return { log, watch, reads: () => read.mock.calls.length, speak, replace };
}

test('while a turn speaks its own appends tell that nobody asked for anything, and the head is read when it pauses', async () => {
  const { watch, reads, speak } = await setUp();
  expect(reads()).toBe(1);
  for (let word = 0; word < 50; word++) {
    await speak();
    await vi.advanceTimersByTimeAsync(40);
  }
  expect(reads()).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(reads()).toBe(2);
  expect(watch.signal.aborted).toBe(false);
});

test('a cancel ends a turn that speaks at its next word, and one that is silent at once', async () => {
  const speaking = await setUp();
  await speaking.speak();
  await speaking.replace(1, cancelled);
  await vi.advanceTimersByTimeAsync(40);
  expect(speaking.watch.signal.aborted).toBe(false);
  await speaking.speak();
  await vi.advanceTimersByTimeAsync(0);
  expect(speaking.watch.signal.aborted).toBe(true);

  const silent = await setUp();
  await vi.advanceTimersByTimeAsync(5_000);
  await silent.replace(1, idle);
  await vi.advanceTimersByTimeAsync(0);
  expect(silent.watch.signal.aborted).toBe(true);
});

test('a cancel after the last word is found when the pause has lasted', async () => {
  const { watch, speak, replace } = await setUp();
  await speak();
  await replace(1, cancelled);
  await vi.advanceTimersByTimeAsync(100);
  expect(watch.signal.aborted).toBe(true);
});

test('a command that is no cancel is looked at once', async () => {
  const { watch, reads, speak, replace } = await setUp();
  await replace(1, { ...open, activeAt: 2 });
  for (let word = 0; word < 10; word++) {
    await speak();
    await vi.advanceTimersByTimeAsync(40);
  }
  expect(reads()).toBe(2);
  expect(watch.signal.aborted).toBe(false);
});

test('a store that is out of reach is asked again, also where nothing more is said', async () => {
  const { log, watch, replace } = await setUp();
  await vi.advanceTimersByTimeAsync(1_000);
  vi.spyOn(log, 'read').mockRejectedValueOnce(new Error('down'));
  await replace(1, idle);
  await vi.advanceTimersByTimeAsync(0);
  expect(watch.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(watch.signal.aborted).toBe(true);
});
