import { expect, test } from 'vitest';
import { typed } from '../dialects/index.ts';
import { nextLoopTurn } from '../log/internal.ts';
import { memoryStore } from '../log/index.ts';
import type { EventLog, Head } from '../log/index.ts';
import { emptyState, toSeq } from '../protocol/index.ts';
import type { SessionEvent, SessionState, WireId } from '../protocol/index.ts';
import type { ChannelKey } from './channel-key.ts';
import { catchUp } from './catch-up.ts';
import type { Beginning, ReadingStep } from './catch-up.ts';

const head: Omit<Head, 'version'> = { owner: 'o', kind: 'session', createdAt: 0, activeAt: 0, queue: [] };
const say = (data: string): SessionEvent => ({ type: 'custom', turn: 't', name: 'n', data });
const session: ChannelKey = { session: 's', dialect: typed, scope: 'session' };
const oneShot: ChannelKey = { ...session, scope: 'turn' };

/** Creates a log with the entries 1 to `count`. A test may replace the log's `read`. */
async function setUp(count: number) {
  const { log: inMemory } = memoryStore();
  const kept: EventLog = {
    ...inMemory,
    // Answers late, as a real store does. Else a reading that never stops would block the test.
    read: async (...args) => {
      await nextLoopTurn();
      return inMemory.read(...args);
    },
  };
  const log = { ...kept };
  const events = Array.from({ length: count }, (_, index) => say(`${index + 1}`));
  const answer = await log.append('s', events, { head: { was: 0, now: head } });
  if (answer.type !== 'appended') throw new Error('The log cannot be made.');
  const idOf = (seq: number): string => answer.entries[seq - 1]?.id ?? '';
  const stateAt = (seq: number): SessionState => ({ ...emptyState('s'), last: idOf(seq) });
  return {
    log,
    kept,
    idOf,
    stateAt,
    trim: (seq: number) => kept.trim('s', idOf(seq), stateAt(seq)),
    /** Reads for a client. The state of the session is `now`, until the session is deleted. */
    read(key: ChannelKey, from: Beginning, now = stateAt(count)) {
      const state = async () => ((await kept.read('s', undefined, 0)).type === 'page' ? now : undefined);
      return catchUp({ log, state }, key, from);
    },
  };
}

/** Returns the place of a client. `frame` is the last frame that it has, if it does not have all of them. */
function toPlace(id: string, frame?: number): WireId {
  return { id, seq: toSeq(id), ...(frame !== undefined && { frame }) };
}

/** Takes the steps up to the next place at the end of the log. */
async function toEnd(reading: AsyncGenerator<ReadingStep>): Promise<readonly ReadingStep[]> {
  const steps: ReadingStep[] = [];
  for (;;) {
    const { value, done } = await reading.next();
    if (done) return steps;
    steps.push(value);
    if (value.type === 'place' && value.isAtEnd) return steps;
  }
}

/** Returns the events that the steps write. An entry is only its data. */
function toEvents(steps: readonly ReadingStep[]): readonly unknown[] {
  const text = steps.map((step) => (step.type === 'text' ? step.text : '')).join('');
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => {
    const event = JSON.parse(data) as { type: string; data?: string };
    return event.type === 'custom' ? event.data : event;
  });
}

/** Takes one step, and returns its events. */
async function toNext(reading: AsyncGenerator<ReadingStep>): Promise<readonly unknown[]> {
  const { value } = await reading.next();
  return toEvents(value ? [value] : []);
}

test('after a resync every entry is new, even if it has the number of an entry that was lost', async () => {
  const { read, stateAt } = await setUp(6);
  const reading = read(session, { after: toPlace('5-zzzzzz', 0) }, stateAt(3));
  const [resync, ...rest] = toEvents(await toEnd(reading));
  expect(resync).toMatchObject({ type: 'resync', reason: 'unknown', from: '5-zzzzzz', state: stateAt(3) });
  expect(rest).toEqual(['4', '5', '6']);
});

test('a client without an id gets the state that replaces the start of the log', async () => {
  const { read, trim, stateAt } = await setUp(4);
  await trim(2);
  const [resync, ...rest] = toEvents(await toEnd(read(session, {})));
  expect(resync).toEqual({ type: 'resync', reason: 'trimmed', state: stateAt(2) });
  expect(rest).toEqual(['3', '4']);
});

test.each([2, 3, 4])(
  'a one-shot stream goes on after entry %i without the state it is rebuilt from',
  async (seq) => {
    const { read, trim, idOf } = await setUp(4);
    await trim(2);
    const events = toEvents(await toEnd(read(oneShot, { after: toPlace(idOf(seq)) })));
    expect(events).toEqual(['3', '4'].slice(seq - 2));
  },
);

test.each([
  ['the whole entry 2', undefined, 3],
  ['one frame of entry 2', 0, 2],
] as const)(
  'a client that has %s gets a resync if more is trimmed while it comes back',
  async (_, frame, seq) => {
    const { log, kept, read, trim, idOf, stateAt } = await setUp(4);
    log.read = async (...args) => {
      const page = await kept.read(...args);
      // The entry of the client is found before the log is trimmed.
      if (args[1] === idOf(2)) await trim(seq);
      return page;
    };
    const events = toEvents(await toEnd(read(oneShot, { after: toPlace(idOf(2), frame) })));
    expect(events).toEqual([{ type: 'resync', reason: 'trimmed', from: idOf(2), state: stateAt(4) }]);
  },
);

test('a resync names the state that the client got, if no entry came after it', async () => {
  const { log, kept, read, trim, idOf } = await setUp(2);
  await trim(2);
  const reading = read(session, {});
  expect(toEvents(await toEnd(reading))).toMatchObject([{ type: 'resync', reason: 'trimmed' }]);
  log.read = async (...args) =>
    args[1] === idOf(2) ? { type: 'gone', reason: 'unknown' } : kept.read(...args);
  expect(await toNext(reading)).toMatchObject([{ reason: 'unknown', from: idOf(2) }]);
});

test('a resync names the last entry of the client, also while its stream is being rebuilt', async () => {
  const { log, kept, read, trim, idOf } = await setUp(6);
  await trim(1);
  log.read = async (name, after, limit) => {
    // The log is trimmed between two short pages.
    if (after === idOf(3)) await trim(4);
    return kept.read(name, after, Math.min(limit, 2));
  };
  const events = toEvents(await toEnd(read(oneShot, { after: toPlace(idOf(5)) })));
  expect(events).toMatchObject([{ type: 'resync', reason: 'trimmed', from: idOf(5) }]);
});

test('the place after a resync is not the end of the log until the log was read again', async () => {
  const { log, kept, read, idOf, stateAt } = await setUp(4);
  const reading = read(session, {}, stateAt(2));
  expect(toEvents(await toEnd(reading))).toEqual(['1', '2', '3', '4']);
  log.read = async (...args) =>
    args[1] === idOf(4) ? { type: 'gone', reason: 'unknown' } : kept.read(...args);
  expect(await toNext(reading)).toMatchObject([{ reason: 'unknown', from: idOf(4) }]);
  log.read = kept.read;
  const { value: place } = await reading.next();
  expect(place).toMatchObject({ type: 'place', place: { start: idOf(2) }, isAtEnd: false });
  expect(toEvents(await toEnd(reading))).toEqual(['3', '4']);
});

test('two resyncs in a row: the second names the state of the first', async () => {
  const { log, kept, read, idOf, stateAt } = await setUp(3);
  const reading = read(session, { fromState: true }, stateAt(2));
  expect(await toNext(reading)).toMatchObject([{ reason: 'requested', state: stateAt(2) }]);
  log.read = async () => {
    log.read = kept.read;
    return { type: 'gone', reason: 'trimmed' };
  };
  expect(toEvents(await toEnd(reading))).toMatchObject([{ reason: 'trimmed', from: idOf(2) }, '3']);
});

test('a client that has an id and requests the state gets only what it misses', async () => {
  const { read, idOf } = await setUp(3);
  const reading = read(session, { after: toPlace(idOf(2)), fromState: true });
  expect(toEvents(await toEnd(reading))).toEqual(['3']);
});

test('a resync has a state of up to 128 Ki characters, and leaves out a longer one', async () => {
  const { read, stateAt } = await setUp(1);
  const fill = 128 * 1024 - JSON.stringify({ ...stateAt(1), metadata: '' }).length;
  const longest = { ...stateAt(1), metadata: 'x'.repeat(fill) };
  const longer = { ...stateAt(1), metadata: 'x'.repeat(fill + 1) };
  const first = async (state: SessionState) =>
    toEvents(await toEnd(read(session, { fromState: true }, state)));
  expect(await first(longest)).toEqual([{ type: 'resync', reason: 'requested', state: longest }]);
  expect(await first(longer)).toEqual([{ type: 'resync', reason: 'requested' }]);
});

test('a one-shot stream whose start is trimmed still ends with its turn', async () => {
  const { kept, read, idOf, stateAt } = await setUp(1);
  const asked = { role: 'user', message: 'm', turn: 't', at: 1, content: 'hi', status: 'started' } as const;
  await kept.trim('s', idOf(1), { ...stateAt(1), messages: [asked] });
  const end = { type: 'message_end', turn: 't', outcome: 'completed' } as const;
  await kept.append('s', [end]);
  const reading = read(oneShot, { after: toPlace(idOf(1)) });
  expect(toEvents(await toEnd(reading))).toEqual([end, { type: 'end' }]);
  expect(await reading.next()).toMatchObject({ done: true });
});

test('a one-shot stream sends nothing after the end of its turn', async () => {
  const { kept, read } = await setUp(0);
  const message = { type: 'message', turn: 't', message: 'm', content: 'hi', at: 1 } as const;
  const end = { type: 'message_end', turn: 't', outcome: 'completed' } as const;
  await kept.append('s', [message, end, say('later')]);
  expect(toEvents(await toEnd(read(oneShot, {})))).toEqual([message, end, { type: 'end' }]);
});

test('a reading ends without a word when its session is deleted', async () => {
  const { kept, read } = await setUp(1);
  const readings = [read(session, {}), read(session, { fromState: true })];
  await kept.drop('s');
  for (const reading of readings) expect(toEvents(await toEnd(reading))).toEqual([]);
});

test('if a store does not mark the end of the log, only an empty page is the end', async () => {
  const { log, kept, read, trim } = await setUp(2);
  await trim(2);
  log.read = async (...args) => {
    const page = await kept.read(...args);
    if (page.type !== 'page') return page;
    const { end: _, ...unmarked } = page;
    return unmarked;
  };
  const places = (await toEnd(read(session, {}))).filter((step) => step.type === 'place');
  expect(places.map(({ isAtEnd }) => isAtEnd)).toEqual([false, false, true]);
});
