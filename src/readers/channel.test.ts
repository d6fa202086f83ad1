import { afterEach, expect, test, vi } from 'vitest';
import { typed } from '../dialects/index.ts';
import { memoryStore } from '../log/index.ts';
import type { Head } from '../log/index.ts';
import { emptyState } from '../protocol/index.ts';
import type { SessionEvent, SessionState } from '../protocol/index.ts';
import { countLog, createTestSink, withoutHintedEntries } from './channel.fixture.ts';
import { createReaders } from './readers.ts';

const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((close) => close()));
});

const head: Omit<Head, 'version'> = { owner: 'o', kind: 'session', createdAt: 0, activeAt: 0, queue: [] };
const say = (data: string): SessionEvent => ({ type: 'custom', turn: 't', name: 'n', data });

async function setUp() {
  const store = memoryStore();
  const { log, counts } = countLog(store.log);
  await store.log.append('s', [say('first')], { head: { was: 0, now: head } });
  const state = async (): Promise<SessionState> => emptyState('s');
  const readers = createReaders({ log, state, keepaliveMs: 15_000, maxAgeMs: 600_000 });
  toClose.push(() => readers.drain({ isAtWork: () => false, drainMs: 0 }));
  const join = (options?: { isStalled: boolean }, after?: string) => {
    const { sink, seen } = createTestSink(options);
    const id = after === undefined ? undefined : { id: after, seq: Number.parseInt(after, 10) };
    const reader = readers.start({ session: 's', dialect: typed, scope: 'session', after: id }, sink);
    return Object.assign(seen, { stop: () => reader.end('gone'), texts: () => toData(seen.writes) });
  };
  const append = (...data: string[]) => store.log.append('s', data.map(say));
  return { counts, running: readers.running, join, append, store, readers };
}

/** Returns the data of the frames, without the comments. */
function toData(writes: readonly string[]): readonly string[] {
  return [...writes.join('').matchAll(/^data: .*"data":"(.*?)"/gm)].map(([, data = '']) => data);
}

const quiet = () => new Promise((resolve) => setTimeout(resolve, 5));

test.each([
  ['one read of a new entry', withoutHintedEntries, 1],
  ['a new entry that comes with its hint, without a read', () => {}, 0],
] as const)('the readers of a session share one watch, and %s', async (_, change, reads) => {
  const { counts, join, append, store } = await setUp();
  change(store.log);
  const readers = Array.from({ length: 20 }, () => join());
  await quiet();
  expect(counts.watching).toBe(1);
  counts.reads = 0;
  await append('a');
  await quiet();
  expect(counts.reads).toBe(reads);
  for (const reader of readers) expect(reader.texts()).toEqual(['first', 'a']);
});

test('new entries are projected and encoded once: all readers get the same text, in one write', async () => {
  const { join, append } = await setUp();
  const readers = [join(), join(), join()];
  await quiet();
  void append('a');
  void append('b', 'c');
  await quiet();
  const [first, ...others] = readers.map((reader) => reader.writes.at(-1));
  expect(toData([first ?? ''])).toEqual(['a', 'b', 'c']);
  expect(others).toEqual([first, first]);
});

test('a channel closes when its last reader leaves, and the next reader opens another', async () => {
  const { counts, running, join, append } = await setUp();
  const readers = [join(), join()];
  await quiet();
  readers[0]?.stop();
  expect(counts.watching).toBe(1);
  readers[1]?.stop();
  expect([counts.watching, running.size]).toEqual([0, 0]);
  counts.reads = 0;
  await append('a');
  await quiet();
  expect(counts.reads).toBe(0);
  const late = join();
  await quiet();
  expect(late.texts()).toEqual(['first', 'a']);
});

test('entries that come while a sink is busy are one write once it is idle, and other readers do not wait', async () => {
  const { counts, join, append } = await setUp();
  const [busy, idle] = [join({ isStalled: true }), join()];
  await quiet();
  busy.drain();
  await append('a');
  await quiet();
  const before = busy.writes.length;
  for (const data of ['b', 'c', 'd']) {
    await append(data);
    await quiet();
  }
  expect(idle.texts()).toEqual(['first', 'a', 'b', 'c', 'd']);
  expect(busy.writes).toHaveLength(before);
  counts.reads = 0;
  busy.drain();
  expect(busy.writes).toHaveLength(before + 1);
  expect(busy.texts()).toEqual(['first', 'a', 'b', 'c', 'd']);
  // The text came from the channel, not from the log.
  expect(counts.reads).toBe(0);
});

test('a reader that stalls for longer holds no more than its share, and reads on from the log', async () => {
  const { counts, join, append } = await setUp();
  const [stalled, idle] = [join({ isStalled: true }), join()];
  await quiet();
  const pieces = Array.from({ length: 40 }, (_, index) => `${index}:${'x'.repeat(10_000)}`);
  for (const piece of pieces) {
    await append(piece);
    await quiet();
  }
  expect(idle.texts()).toEqual(['first', ...pieces]);
  expect(stalled.held).toBeLessThan(100_000);
  counts.reads = 0;
  stalled.stalls = false;
  stalled.drain();
  await vi.waitFor(() => expect(stalled.texts()).toEqual(['first', ...pieces]));
  expect(counts.reads).toBeGreaterThan(0);
  expect(stalled.closed).toBeUndefined();
});

test('a reader that holds a mebibyte is cut, and others are not', async () => {
  const { running, join, append, readers } = await setUp();
  const [stalled, idle] = [join({ isStalled: true }), join()];
  await quiet();
  stalled.drain();
  await append('x'.repeat(1024 * 1024));
  await quiet();
  expect([stalled.closed, idle.closed]).toEqual(['cut', undefined]);
  expect(readers.counts().slowReaders).toBe(1);
  expect(running.size).toBe(1);
  await append('after');
  await quiet();
  expect(idle.texts().at(-1)).toBe('after');
  expect(stalled.texts()).not.toContain('after');
});

test('the drop of a session ends all its readers, a busy one after its last bytes', async () => {
  const { counts, join, append, store } = await setUp();
  const [busy, idle] = [join({ isStalled: true }), join()];
  await quiet();
  busy.drain();
  await append('a');
  await quiet();
  await append('b');
  await quiet();
  await store.log.drop('s');
  await quiet();
  expect([busy.closed, idle.closed]).toEqual([undefined, 'end']);
  busy.drain();
  await quiet();
  expect(busy.closed).toBe('end');
  expect(busy.texts()).toEqual(['first', 'a', 'b']);
  expect(counts.watching).toBe(0);
});

test('at shutdown a busy reader gets the rest, and one that holds too much or is too far behind is cut', async () => {
  const { join, append, running, readers } = await setUp();
  const [busy, stalled] = [join({ isStalled: true }), join({ isStalled: true })];
  await quiet();
  busy.drain();
  stalled.drain();
  await append('a');
  await quiet();
  stalled.drain();
  await append('x'.repeat(100_000));
  await quiet();
  await append('b');
  await quiet();
  expect(busy.texts()).toEqual(['first', 'a']);
  for (const reader of running) reader.end('draining');
  await quiet();
  expect([busy.closed, stalled.closed]).toEqual(['cut', 'cut']);
  expect(readers.counts().slowReaders).toBe(2);

  const late = join({ isStalled: true });
  await quiet();
  late.drain();
  await append('c');
  await quiet();
  await append('d');
  for (const reader of running) reader.end('draining');
  await quiet();
  expect(late.closed).toBe('end');
  expect(late.texts().slice(-2)).toEqual(['c', 'd']);
  expect(late.writes.at(-1)).toContain('"drain"');
});

test('a log that cannot be read cuts its readers', async () => {
  const { join, append, store, running } = await setUp();
  withoutHintedEntries(store.log);
  const reader = join();
  await quiet();
  store.log.read = () => Promise.reject(new Error('out of reach'));
  await append('a');
  await quiet();
  expect([reader.closed, running.size]).toEqual(['cut', 0]);
});
