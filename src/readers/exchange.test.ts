// Streams of one exchange: each reading begins after `from`, and sends what the client does not have.
import { afterEach, expect, test, vi } from 'vitest';
import type { Exchange } from '../dialects/index.ts';
import { memoryStore } from '../log/index.ts';
import type { Head } from '../log/index.ts';
import { emptyState, fromWireId } from '../protocol/index.ts';
import type { Entry, SessionEvent } from '../protocol/index.ts';
import { countLog, createTestSink, withoutHintedEntries } from './channel.fixture.ts';
import { hasAll } from './has-all.ts';
import { keepaliveComment } from './reader.ts';
import { createReaders } from './readers.ts';
import type { ReaderOptions } from './reader-options.ts';
import { scripted, toLast, toScripted } from './scripted.fixture.ts';

const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((close) => close()));
  vi.useRealTimers();
});

const head: Omit<Head, 'version'> = { owner: 'o', kind: 'session', createdAt: 0, activeAt: 0, queue: [] };
const quiet = () => new Promise((resolve) => setTimeout(resolve, 5));
const before = [toScripted('earlier', 2), toScripted('earlier', 1)];
const begun = [toScripted('a', 3), toScripted('b', 0), toScripted('c', 1), toScripted('d', 2)];
const whole = [...begun, toLast('e')];

/** Creates readers over a log with entries before the exchange, and those of the exchange. */
async function setUp(events: readonly SessionEvent[] = begun, earlier: readonly SessionEvent[] = before) {
  const store = memoryStore();
  const { log, counts } = countLog(store.log);
  const entries: Entry[] = [];
  const append = async (...added: readonly SessionEvent[]): Promise<readonly Entry[]> => {
    const receipt = await store.log.append('s', added);
    if (receipt.type !== 'appended') throw new Error(receipt.reason);
    entries.push(...receipt.entries);
    return receipt.entries;
  };
  await store.log.append('s', [], { head: { was: 0, now: head } });
  const from = earlier.length === 0 ? undefined : (await append(...earlier)).at(-1)?.id;
  await append(...events);
  const exchange: Exchange = { session: 's', message: 'm', turn: 't', from };
  const readers = createReaders({
    log,
    state: async () => emptyState('s'),
    keepaliveMs: 800,
    maxAgeMs: 1_600,
  });
  toClose.push(() => readers.drain({ isAtWork: () => false, drainMs: 0 }));
  return {
    store,
    log,
    counts,
    readers,
    entries,
    exchange,
    append,
    trim: (id = '') => store.log.trim('s', id, { ...emptyState('s'), last: id }),
    start({
      isStalled = false,
      after,
      ...options
    }: Partial<Omit<ReaderOptions, 'after'>> & { isStalled?: boolean; after?: string | undefined } = {}) {
      const { sink, seen } = createTestSink({ isStalled });
      const place = after === undefined ? undefined : fromWireId(after);
      const key = { session: 's', dialect: scripted(), scope: exchange };
      const reader = readers.start({ ...key, after: place, ...options }, sink);
      return Object.assign(seen, { reader, datas: () => toFrames(seen.writes).map(({ data }) => data) });
    },
  };
}

function toFrames(writes: readonly string[]): readonly { id: string | undefined; data: string }[] {
  return [...writes.join('').matchAll(/^(?:id: (.*)\n)?data: (.*)$/gm)].map(([, id, data = '']) => ({
    id,
    data,
  }));
}

const frames = ['1 a1', '1 a2', '1 a3', '3 c1', '4 d1', '4 d2', '5 e1'];

test('a stream begins after the entry before the exchange, and ends properly with the exchange', async () => {
  const { start, append, entries } = await setUp();
  const reader = start();
  await quiet();
  expect([reader.datas(), reader.closed]).toEqual([frames.slice(0, -1), undefined]);
  await append(toLast('other', 'other turn'), toLast('e'), toScripted('later'));
  await quiet();
  expect(reader.datas()).toEqual([...frames.slice(0, -1), '5 other1', '6 e1']);
  expect(reader.closed).toBe('end');
  const [, , a, , c] = entries.map(({ id }) => id);
  const ids = toFrames(reader.writes).map(({ id }) => id);
  expect(ids.slice(0, 4)).toEqual([`${a}~0`, `${a}~1`, a, c]);
});

test('a stream of an exchange that is the first of its log begins with the log', async () => {
  const { start } = await setUp(whole, []);
  const reader = start();
  await quiet();
  expect([reader.datas(), reader.closed]).toEqual([frames, 'end']);
});

test('a client that has any frame gets those after it, whether it names the frame or counts', async () => {
  const { start, append } = await setUp();
  const first = start();
  await quiet();
  const ids = [undefined, ...toFrames(first.writes).map(({ id }) => id)];
  const readers = ids.flatMap((after, skip) => [start({ after }), start({ skip })]);
  await quiet();
  await append(toLast('e'));
  await quiet();
  const rest = ids.flatMap((_, count) => [frames.slice(count), frames.slice(count)]);
  expect(readers.map((reader) => reader.datas())).toEqual(rest);
  expect(readers.map(({ closed }) => closed)).toEqual(readers.map(() => 'end'));
});

test('a client that has everything gets a proper end, and nothing else', async () => {
  const { start, entries } = await setUp(whole);
  const readers = [start({ after: entries.at(-1)?.id }), start({ skip: 7 })];
  await quiet();
  expect(readers.map((reader) => [reader.datas(), reader.closed])).toEqual([
    [[], 'end'],
    [[], 'end'],
  ]);
});

test('a client that counts more frames than there are waits for those that follow', async () => {
  const { start, append, counts, readers } = await setUp();
  const exact = start({ skip: 6 });
  await quiet();
  const [ahead, other] = [start({ skip: 8 }), start({ skip: 7 })];
  await quiet();
  expect([readers.counts().channels, counts.watching]).toEqual([3, 3]);
  counts.reads = 0;
  await append(toScripted('x', 3));
  await quiet();
  // The readers wait for hints, and do not read the log again and again.
  expect(counts.reads).toBe(0);
  expect([ahead, other, exact].map((reader) => reader.datas())).toEqual([
    ['5 x3'],
    ['5 x2', '5 x3'],
    ['5 x1', '5 x2', '5 x3'],
  ]);
  await append(toLast('e'));
  await quiet();
  expect([ahead, other].map((reader) => [reader.datas().at(-1), reader.closed])).toEqual([
    ['6 e1', 'end'],
    ['6 e1', 'end'],
  ]);
});

test.each([
  ['counts no frames', 0, 0],
  ['counts frames that were sent', 3, 3],
  ['counts frames that were not sent', 6 + 20, 6 + 20],
])('a reader whose client %s falls behind, and its stream is projected again', async (_, skip, missing) => {
  const { start, append } = await setUp();
  const reader = start({ skip, isStalled: true });
  await quiet();
  const long = 'x'.repeat(10_000);
  for (let index = 0; index < 40; index += 1) {
    await append(toScripted(long, 1));
    await quiet();
  }
  reader.stalls = false;
  reader.drain();
  const all = [...frames.slice(0, -1), ...Array.from({ length: 40 }, (_, index) => `${index + 5} ${long}1`)];
  await vi.waitFor(() => expect(reader.datas()).toEqual(all.slice(missing)));
  await append(toLast('e'));
  await vi.waitFor(() => expect([reader.datas().at(-1), reader.closed]).toEqual(['45 e1', 'end']));
});

test('a plain dialect has no ids and no retry, and its comments stay', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { start } = await setUp();
  const reader = start({ dialect: scripted({ plain: true }), skip: 5 });
  await quiet();
  vi.advanceTimersByTime(1_000);
  expect(reader.writes.filter(Boolean)).toEqual([': heddle\n\n', 'data: 4 d2\n\n', keepaliveComment]);
});

test('a preface comes first and has no ids, and the stream goes on after it', async () => {
  const { start, entries } = await setUp();
  const preface = { frames: [{ event: 'so-far', data: 'p1' }, { data: 'p2' }] };
  const reader = start({ preface, after: entries[2]?.id });
  await quiet();
  expect(reader.writes.join('').replace(/retry: .*\n/, '')).toBe(
    `: heddle\n\nevent: so-far\ndata: p1\n\ndata: p2\n\nid: ${entries[4]?.id}\ndata: 3 c1\n\n` +
      `id: ${entries[5]?.id}~0\ndata: 4 d1\n\nid: ${entries[5]?.id}\ndata: 4 d2\n\n`,
  );
});

test('a preface can be all of a stream, and waits for a slow sink', async () => {
  const { start, counts, readers } = await setUp();
  counts.reads = 0;
  const frames = Array.from({ length: 20 }, (_, index) => ({ data: `${index} ${'x'.repeat(70_000)}` }));
  const reader = start({ preface: { frames, ends: true }, isStalled: true });
  await quiet();
  expect([reader.datas().length, reader.closed]).toEqual([1, undefined]);
  reader.stalls = false;
  reader.drain();
  await quiet();
  expect([reader.datas(), reader.closed]).toEqual([frames.map(({ data }) => data), 'end']);
  expect([counts.reads, readers.counts().slowReaders]).toEqual([0, 0]);
});

test('one frame of a preface may be as long as a conversation', async () => {
  const { start, readers } = await setUp();
  const reader = start({ preface: { frames: [{ data: 'x'.repeat(3_000_000) }] }, isStalled: true });
  await quiet();
  reader.stalls = false;
  reader.drain();
  await quiet();
  expect(reader.datas().map((data) => data.length)).toEqual([
    3_000_000,
    ...frames.slice(0, -1).map((data) => data.length),
  ]);
  expect(readers.counts().slowReaders).toBe(0);
});

test('the last frame of an exchange may have the whole answer, for readers that are behind and for members', async () => {
  const long = 'x'.repeat(3_000_000);
  const { start, append, readers } = await setUp();
  const live = start();
  await quiet();
  live.stalls = true;
  await append(toLast(long));
  const behind = start({ skip: 6, isStalled: true });
  await quiet();
  for (const reader of [live, behind]) {
    reader.drain();
    await vi.waitFor(() => expect(reader.closed).toBe('end'));
    expect(reader.datas().at(-1)).toBe(`5 ${long}1`);
  }
  expect(readers.counts().slowReaders).toBe(0);
});

test('the entries of a request are sent at once, and the reading goes on after them', async () => {
  const { start, entries, append, counts } = await setUp(begun.slice(0, 1));
  counts.reads = 0;
  // The request may have appended entries that are not in the exchange.
  const readers = [entries.slice(2), entries.slice(1)].map((opening) => start({ opening }));
  expect(counts.reads).toBe(0);
  expect(readers.map((reader) => reader.datas())).toEqual([frames.slice(0, 3), frames.slice(0, 3)]);
  await append(...whole.slice(1));
  await quiet();
  expect(readers.map((reader) => [reader.datas(), reader.closed])).toEqual([
    [frames, 'end'],
    [frames, 'end'],
  ]);
});

test('the entries of a request do not come before earlier ones of the exchange, or before a preface', async () => {
  const { start, entries } = await setUp();
  const answer = start({ opening: entries.slice(5) });
  const prefaced = start({ opening: entries.slice(2), preface: { frames: [{ data: 'p' }] } });
  const counted = start({ opening: entries.slice(2), skip: 2 });
  await quiet();
  expect(answer.datas()).toEqual(frames.slice(0, -1));
  expect(prefaced.datas()).toEqual(['p', ...frames.slice(0, -1)]);
  expect(counted.datas()).toEqual(frames.slice(2, -1));
});

test('the entries of a request without frames are a block with an id, or nothing in a plain dialect', async () => {
  const { start, entries } = await setUp([toScripted('b', 0)]);
  const opening = entries.slice(2);
  const readers = [start({ opening }), start({ opening, dialect: scripted({ plain: true }) })];
  const texts = readers.map(({ writes }) => writes.join('').replace(/retry: .*\n/, ''));
  expect(texts).toEqual([`: heddle\n\nid: ${opening[0]?.id}\n\n`, ': heddle\n\n']);
});

test('a stream whose client is slow after the opening is projected again from the start', async () => {
  const { start, entries, append } = await setUp(begun.slice(0, 1));
  const reader = start({ opening: entries.slice(2), isStalled: true });
  await quiet();
  const long = 'x'.repeat(100_000);
  await append(toScripted('b', 0), toScripted(long, 2));
  await quiet();
  await append(toLast('e'));
  await quiet();
  reader.stalls = false;
  reader.drain();
  await vi.waitFor(() => expect(reader.closed).toBe('end'));
  expect(reader.datas()).toEqual([...frames.slice(0, 3), `3 ${long}1`, `3 ${long}2`, '4 e1']);
});

/** Ends a stream that is not over. */
type Fault = (of: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>;
const isDropped: Fault = ({ store }) => store.log.drop('s');
const isDraining: Fault = ({ readers }) => readers.drain({ isAtWork: () => false, drainMs: 0 });
const isOutOfReach: Fault = async ({ store, append }) => {
  withoutHintedEntries(store.log);
  store.log.read = () => Promise.reject(new Error('out of reach'));
  await append(toScripted('x'));
};

test.each([
  ['the session is deleted', isDropped, [], 'end'],
  ['the server shuts down', isDraining, ['drain'], 'end'],
  ['the log cannot be read', isOutOfReach, [], 'cut'],
] as const)('if %s, a stream that is not over is cut', async (_, happens, words, polite) => {
  const world = await setUp();
  withoutHintedEntries(world.store.log);
  const streams = [
    world.start(),
    world.start({ isStalled: true }),
    world.start({ skip: 20 }),
    world.start({ dialect: scripted({ name: 'polite', onCut: 'polite' }) }),
  ];
  await quiet();
  const behind = world.start();
  await happens(world);
  await quiet();
  expect([...streams, behind].map(({ closed }) => closed)).toEqual(['cut', 'cut', 'cut', polite, 'cut']);
  expect(streams[0]?.datas()).toEqual([...frames.slice(0, -1), ...words]);
});

test('at shutdown a stream waits for its turn until the deadline, and ends properly if the turn ends', async () => {
  const { readers, start, append } = await setUp();
  const reader = start();
  await quiet();
  const drained = readers.drain({ isAtWork: () => true, drainMs: 300 });
  await quiet();
  expect(reader.closed).toBeUndefined();
  await append(toLast('e'));
  await quiet();
  expect([reader.datas(), reader.closed]).toEqual([frames, 'end']);
  await drained;
});

test('a stream that is told to drain still gets an end that is in the log already', async () => {
  const { store, start, append } = await setUp();
  withoutHintedEntries(store.log);
  const reader = start();
  await quiet();
  void append(toLast('e'));
  reader.reader.end('draining');
  await quiet();
  expect([reader.datas(), reader.closed]).toEqual([frames, 'end']);
});

test('a stream whose caller may no longer read says so and ends properly', async () => {
  const { start } = await setUp();
  const [live, busy] = [start(), start({ isStalled: true })];
  await quiet();
  for (const { reader } of [live, busy]) reader.end('expired');
  await quiet();
  expect([live.datas().at(-1), live.closed]).toEqual(['auth_expired', 'end']);
  expect([busy.datas().at(-1), busy.closed]).toEqual(['auth_expired', 'end']);
});

test('a stream has no greatest age', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { start } = await setUp();
  const reader = start();
  await quiet();
  vi.advanceTimersByTime(100_000);
  await quiet();
  expect(reader.closed).toBeUndefined();
});

test('if entries of the exchange are forgotten, the dialect reports it and the stream ends properly', async () => {
  const { start, trim, entries } = await setUp();
  const live = start();
  await quiet();
  await trim(entries[2]?.id);
  const readers = [
    start(),
    start({ skip: 2 }),
    start({ after: entries[4]?.id }),
    start({ after: `${entries[2]?.id}~0` }),
  ];
  await quiet();
  for (const reader of readers) expect([reader.datas(), reader.closed]).toEqual([['resync trimmed'], 'end']);
  // A reader that has these entries needs them no more.
  expect([live.datas(), live.closed]).toEqual([frames.slice(0, -1), undefined]);
});

test('the first exchange of a trimmed log is forgotten', async () => {
  const { start, trim, entries } = await setUp(begun, []);
  await trim(entries[0]?.id);
  const readers = [start(), start({ skip: 2 }), start({ after: entries[0]?.id })];
  await quiet();
  for (const reader of readers) expect([reader.datas(), reader.closed]).toEqual([['resync trimmed'], 'end']);
});

test('if only entries before the exchange are trimmed, nothing of it is forgotten', async () => {
  const { start, trim, entries } = await setUp();
  await trim(entries[1]?.id);
  const places = [undefined, entries[0]?.id, entries[1]?.id, `${entries[2]?.id}~0`, entries[4]?.id];
  const readers = [...places.map((after) => start({ after })), start({ skip: 5 })];
  await quiet();
  const counts = [0, 0, 0, 1, 4, 5];
  expect(readers.map((reader) => [reader.datas(), reader.closed])).toEqual(
    counts.map((count) => [frames.slice(count, -1), undefined]),
  );
});

test.each([
  ['unknown', '4-zzzzzz'],
  ['beyond', '999-zzzzzz'],
])('a client with an id that is %s gets a resync, and a proper end', async (reason, after) => {
  const { start } = await setUp();
  const reader = start({ after });
  await quiet();
  expect([reader.datas(), reader.closed]).toEqual([[`resync ${reason}`], 'end']);
});

test('a stream ends properly after a resync if entries are trimmed before its channel reads them', async () => {
  const { store, start, append, trim } = await setUp();
  withoutHintedEntries(store.log);
  const readers = [start(), start({ skip: 20 })];
  await quiet();
  const { read } = store.log;
  const trimmed = Promise.withResolvers<void>();
  store.log.read = async (...args) => {
    await trimmed.promise;
    return read(...args);
  };
  await trim((await append(toScripted('x'), toScripted('y'))).at(-1)?.id);
  trimmed.resolve();
  await quiet();
  expect(readers.map((reader) => [reader.datas().at(-1), reader.closed])).toEqual([
    ['resync trimmed', 'end'],
    ['resync trimmed', 'end'],
  ]);
});

test('readers of the same exchange share a channel, and readers of other frames do not', async () => {
  const { start, exchange, readers, append } = await setUp();
  const other = (fields: Partial<Exchange>): Exchange => ({ ...exchange, ...fields });
  const scopes: readonly Exchange[] = [
    exchange,
    other({ turn: 'u' }),
    other({ whole: true }),
    other({ variant: 'v' }),
    other({ variant: 'w' }),
    other({ thread: 'v' }),
    other({ withdrawn: new Set(['p']) }),
    other({ withdrawn: new Set(['p', 'q']) }),
  ];
  const open = () => [
    ...scopes.map((scope) => start({ scope })),
    start({ dialect: scripted({ name: 'two' }) }),
  ];
  const [first, second] = [open(), open()];
  first.push(start({ scope: other({ withdrawn: new Set() }) }));
  await quiet();
  expect(readers.counts()).toMatchObject({ channels: 9, streams: { scripted: 17, two: 2 } });
  await append(toScripted('x'));
  await quiet();
  const lasts = ['', '', ' whole', ' v', ' w', ' v', ' p', ' p q', ''].map((marks) => `5 x1${marks}`);
  expect(first.slice(0, 9).map((reader) => reader.datas().at(-1))).toEqual(lasts);
  expect(second.map((reader) => reader.datas().at(-1))).toEqual(lasts);
  const turns = first.slice(0, 2).map((reader) => reader.reader);
  for (const reader of turns) reader.end('gone');
  expect(readers.counts().channels).toBe(9);
});

test('a client has all of an exchange if it has the last frame, and not before', async () => {
  const { log, exchange, append, trim, entries } = await setUp();
  const key = { session: 's', dialect: scripted(), scope: exchange };
  const has = (after?: string, skip?: number) =>
    hasAll(log, key, { after: after === undefined ? undefined : fromWireId(after), skip });
  const all = async () => [
    await has(entries[5]?.id),
    await has(entries[6]?.id),
    await has(undefined, 6),
    await has(undefined, 7),
  ];
  expect(await all()).toEqual([false, false, false, false]);
  await append(toLast('e'), toScripted('later'));
  expect(await all()).toEqual([false, true, false, true]);
  expect([await has(), await has('7-zzzzzz'), await has(undefined, 8)]).toEqual([false, false, true]);
  await trim(entries[2]?.id);
  expect(await all()).toEqual([false, false, false, false]);
});
