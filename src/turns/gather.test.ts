import { expect, test, vi } from 'vitest';
import type { SpokenEvent } from '../protocol/index.ts';
import { createGatherer } from './gather.ts';

const text = (data: string, part = 'p1'): SpokenEvent => ({ type: 'content', turn: 't', part, data });
const start = (part = 'p1'): SpokenEvent => ({ type: 'content_start', turn: 't', part });

/** Creates a log whose writes the test finishes by hand. */
function createSlowLog() {
  const appends: (readonly SpokenEvent[])[] = [];
  const releases: (() => void)[] = [];
  const append = (events: readonly SpokenEvent[]): Promise<void> => {
    appends.push(events);
    return new Promise((resolve) => releases.push(resolve));
  };
  return { append, appends, release: () => releases.shift()?.() };
}

test('the first words go out at once, and later ones are gathered', async () => {
  vi.useFakeTimers();
  try {
    const appends: (readonly SpokenEvent[])[] = [];
    const gatherer = createGatherer({ gatherMs: 25, append: async (events) => void appends.push(events) });
    gatherer.add([start(), text('a')]);
    await vi.advanceTimersByTimeAsync(0);
    expect(appends).toEqual([[start(), text('a')]]);
    gatherer.add([text('b')]);
    gatherer.add([text('c')]);
    await vi.advanceTimersByTimeAsync(19);
    expect(appends).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(6);
    expect(appends[1]).toEqual([text('bc')]);
  } finally {
    vi.useRealTimers();
  }
});

test('only one append runs at a time, and events that come meanwhile go out together after it', async () => {
  const { append, appends, release } = createSlowLog();
  const gatherer = createGatherer({ append, gatherMs: 0 });
  gatherer.add([start(), text('a')]);
  await Promise.resolve();
  gatherer.add([text('b')]);
  gatherer.add([text('c')]);
  gatherer.add([{ type: 'content_end', turn: 't', part: 'p1' }]);
  await Promise.resolve();
  expect(appends).toHaveLength(1);
  release();
  await vi.waitFor(() => expect(appends).toHaveLength(2));
  expect(appends[1]).toEqual([text('bc'), { type: 'content_end', turn: 't', part: 'p1' }]);
  release();
  await gatherer.flush();
});

test('deltas of different parts, or with something between, are not merged', async () => {
  const appends: (readonly SpokenEvent[])[] = [];
  const gatherer = createGatherer({ gatherMs: 0, append: async (events) => void appends.push(events) });
  gatherer.add([
    text('a'),
    text('b', 'p2'),
    text('c'),
    { type: 'custom', turn: 't', name: 'n', data: 1 },
    text('d'),
  ]);
  await gatherer.flush();
  expect(appends.flat().map((event) => ('data' in event ? event.data : ''))).toEqual(['a', 'b', 'c', 1, 'd']);
});

test('an agent that outruns its store is held back until there is room', async () => {
  const { append, appends, release } = createSlowLog();
  const gatherer = createGatherer({ append, gatherMs: 0 });
  for (let index = 0; index < 40; index += 1) gatherer.add([text('x'.repeat(10_000))]);
  await Promise.resolve();
  // All of it is on its way to the store.
  expect(appends).toHaveLength(1);
  expect(gatherer.room()).toBeUndefined();
  gatherer.add([text('y'.repeat(300_000))]);
  let hasRoom = false;
  const held = gatherer.room()?.then(() => (hasRoom = true));
  await Promise.resolve();
  expect(hasRoom).toBe(false);
  while (appends.length < 2) {
    release();
    await new Promise((resolve) => setImmediate(resolve));
  }
  release();
  await held;
  expect(hasRoom).toBe(true);
});

test('an append that fails for good rejects the flush, and nothing is written after it', async () => {
  let appends = 0;
  const gatherer = createGatherer({
    gatherMs: 0,
    append: async () => {
      appends += 1;
      throw new Error('no more');
    },
  });
  gatherer.add([start()]);
  await expect(gatherer.flush()).rejects.toThrow('no more');
  gatherer.add([text('late')]);
  await expect(gatherer.flush()).rejects.toThrow('no more');
  await expect(gatherer.room()).rejects.toThrow('no more');
  expect(appends).toBe(1);
});
