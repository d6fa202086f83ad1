import { afterEach, expect, test, vi } from 'vitest';
import { typed } from '../dialects/index.ts';
import type { Scope } from '../dialects/index.ts';
import { nextLoopTurn } from '../log/internal.ts';
import { memoryStore } from '../log/index.ts';
import type { Head } from '../log/index.ts';
import { emptyState, fold } from '../protocol/index.ts';
import type { SessionEvent, SessionState } from '../protocol/index.ts';
import { times } from '../protocol/internal.ts';
import { createTestSink, withoutHintedEntries } from './channel.fixture.ts';
import { createReaders } from './readers.ts';
import { keepaliveComment } from './reader.ts';
import { maxHeld } from './sink.ts';

const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(toClose.splice(0).map((close) => close()));
  vi.useRealTimers();
});

const head: Omit<Head, 'version'> = { owner: 'o', kind: 'session', createdAt: 0, activeAt: 0, queue: [] };
const say = (data: string): SessionEvent => ({ type: 'custom', turn: 't', name: 'n', data });
const quiet = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Creates readers over a log that begins with `events`. */
async function setUp(events: readonly SessionEvent[] = [say('first')]) {
  const store = memoryStore();
  await store.log.append('s', events, { head: { was: 0, now: head } });
  const state = async (): Promise<SessionState> => {
    const page = await store.log.read('s', undefined, Infinity);
    return page.type === 'page' ? page.entries.reduce(fold, emptyState('s')) : emptyState('s');
  };
  const readers = createReaders({ log: store.log, state, keepaliveMs: 800, maxAgeMs: 10_000 });
  toClose.push(() => readers.drain({ isAtWork: () => false, drainMs: 0 }));
  return {
    store,
    readers,
    append: async (data: string): Promise<string> => {
      const answer = await store.log.append('s', [say(data)]);
      return answer.type === 'appended' ? (answer.entries[0]?.id ?? '') : '';
    },
    start({ isStalled = false, scope = 'session' }: { isStalled?: boolean; scope?: Scope } = {}) {
      const { sink, seen } = createTestSink({ isStalled });
      const reader = readers.start({ session: 's', dialect: typed, scope }, sink);
      return Object.assign(seen, { reader, sink, events: () => toEvents(seen.writes) });
    },
  };
}

/** Returns the events that were written. An entry of `say` is only its data. */
function toEvents(writes: readonly string[]): readonly unknown[] {
  return [...writes.join('').matchAll(/^data: (.*)$/gm)].map(([, data = '']) => {
    const event = JSON.parse(data) as { type: string; data?: string };
    return event.type === 'custom' ? event.data : event;
  });
}

test.each([
  [0, times.retryMs],
  [0.25, times.retryMs * 1.25],
  [0.9999, times.retryMs * 2],
])('by chance, clients wait for one to two times `retryMs` (%f)', async (chance, ms) => {
  const { start } = await setUp();
  vi.spyOn(Math, 'random').mockReturnValue(chance);
  expect(start().writes[0]).toBe(`: heddle\nretry: ${ms}\n\n`);
});

test('a reader that is behind while the server drains reads one more page, and then says so', async () => {
  const { store, start } = await setUp(Array.from({ length: 600 }, (_, index) => say(`${index}`)));
  const { read } = store.log;
  store.log.read = async (...args) => {
    await nextLoopTurn();
    return read(...args);
  };
  const behind = start();
  behind.reader.end('draining');
  await vi.waitFor(() => expect(behind.closed).toBe('end'));
  expect(behind.events()).toEqual([...Array.from({ length: 256 }, (_, n) => `${n}`), { type: 'drain' }]);
});

test('a one-shot stream that is behind while the server drains still gets its end', async () => {
  const message = { type: 'message', turn: 't', message: 'm', content: 'hi', at: 1 } as const;
  const end = { type: 'message_end', turn: 't', outcome: 'completed' } as const;
  const { start } = await setUp([message, say('an answer'), end]);
  const behind = start({ scope: 'turn' });
  behind.reader.end('draining');
  await vi.waitFor(() => expect(behind.closed).toBe('end'));
  expect(behind.events()).toEqual([message, 'an answer', end, { type: 'end' }]);
});

test('a reader that cannot read the log is cut: it must not look complete', async () => {
  const { store, readers, start } = await setUp();
  store.log.read = () => Promise.reject(new Error('out of reach'));
  const behind = start();
  await quiet();
  expect([behind.closed, behind.events(), readers.running.size]).toEqual(['cut', [], 0]);
});

test('a session stream ends with age, and a one-shot stream does not', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { start } = await setUp();
  const [session, oneShot] = [start(), start({ scope: 'turn' })];
  await quiet();
  vi.advanceTimersByTime(7_900);
  await quiet();
  expect([session.closed, oneShot.closed]).toEqual([undefined, undefined]);
  vi.advanceTimersByTime(100_000);
  await quiet();
  expect([session.closed, oneShot.closed]).toEqual(['end', undefined]);
});

test('a silent stream gets a comment, but not while its sink holds bytes', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { readers, start } = await setUp();
  const [busy, idle] = [start({ isStalled: true }), start()];
  await quiet();
  const beats = () =>
    [busy, idle].map(({ writes }) => writes.filter((text) => text === keepaliveComment).length);
  vi.advanceTimersByTime(1_600);
  expect([beats(), readers.counts().keepalives]).toEqual([[0, 2], 2]);
  busy.drain();
  vi.advanceTimersByTime(800);
  expect([beats(), readers.counts().keepalives]).toEqual([[1, 3], 4]);
});

test('a stream that writes gets no comment, and one that has ended gets none', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { readers, append, start } = await setUp();
  const [live, ended] = [start(), start()];
  await quiet();
  ended.reader.end('gone');
  for (const data of ['a', 'b', 'c']) {
    vi.advanceTimersByTime(500);
    await append(data);
    await quiet();
  }
  expect(live.events()).toEqual(['first', 'a', 'b', 'c']);
  expect(readers.counts().keepalives).toBe(0);
});

test('a reader whose sink another stream has filled waits, and then writes', async () => {
  const { append, start } = await setUp();
  const reader = start();
  await quiet();
  reader.stalls = true;
  reader.sink.write('x'.repeat(maxHeld + 1));
  await append('a');
  await quiet();
  expect(reader.events()).toEqual(['first']);
  reader.drain();
  expect(reader.events()).toEqual(['first', 'a']);
});

test('if a store loses an entry, only the readers that have it get a resync', async () => {
  const { store, append, start } = await setUp();
  withoutHintedEntries(store.log);
  const [busy, live] = [start({ isStalled: true }), start()];
  await quiet();
  busy.drain();
  await append('a');
  await quiet();
  const lost = await append('lost');
  await quiet();
  expect([busy.events(), live.events()]).toEqual([
    ['first', 'a'],
    ['first', 'a', 'lost'],
  ]);

  let asked = 0;
  const { read } = store.log;
  store.log.read = async (session, after, limit) => {
    if (after === lost) asked += 1;
    if (after === lost) return { type: 'gone', reason: 'unknown' };
    const page = await read(session, after, limit);
    return page.type === 'page' ? { ...page, entries: page.entries.filter(({ id }) => id !== lost) } : page;
  };
  await append('b');
  await quiet();
  expect(busy.events()).toEqual(['first', 'a', 'b']);
  expect(live.events().slice(3)).toMatchObject([{ type: 'resync', reason: 'unknown', from: lost }]);
  // The channel has asked for all its readers.
  expect(asked).toBe(1);
});

test('a reader that waits for room writes no more when it is told to end', async () => {
  const { start } = await setUp(['a', 'b', 'c'].map((data) => say(data.repeat(maxHeld))));
  const reader = start({ isStalled: true });
  await quiet();
  expect(reader.events()).toEqual(['a'.repeat(maxHeld)]);
  reader.reader.end('expired');
  await quiet();
  expect([reader.closed, reader.events().length]).toEqual(['cut', 1]);
});

test.each([
  ['whose client is gone', maxHeld, undefined],
  ['that was cut', 1024 * 1024, 'cut'],
] as const)('a reader %s reads no further', async (_, size, closed) => {
  const { store, start } = await setUp([
    say('x'.repeat(size)),
    ...Array.from({ length: 300 }, () => say('y')),
  ]);
  const read = vi.spyOn(store.log, 'read');
  const reader = start({ isStalled: true });
  await quiet();
  if (closed === undefined) reader.reader.end('gone');
  reader.drain();
  await quiet();
  expect([reader.closed, reader.events().length, read.mock.calls.length]).toEqual([closed, 1, 1]);
});

test('a reader that is told to end twice gives the first reason', async () => {
  const { start } = await setUp();
  const reader = start();
  await quiet();
  reader.reader.end('draining');
  reader.reader.end('aged');
  await quiet();
  expect(reader.events()).toEqual(['first', { type: 'drain' }]);
});
