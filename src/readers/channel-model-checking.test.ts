// Readers join, leave and stall at random. Each is compared with a plain projection of the log.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { typed } from '../dialects/index.ts';
import type { Dialect, Exchange } from '../dialects/index.ts';
import { nextLoopTurn } from '../log/internal.ts';
import { memoryStore } from '../log/index.ts';
import type { EventLog, Head } from '../log/index.ts';
import { emptyState, fromWireId, toSeq, toWireId } from '../protocol/index.ts';
import type { Entry, SessionEvent } from '../protocol/index.ts';
import { createTestSink } from './channel.fixture.ts';
import { createReaders } from './readers.ts';
import type { ReaderOptions } from './reader-options.ts';
import { scripted, toLast, toScripted } from './scripted.fixture.ts';

/** A dialect for sessions whose entries have three frames, two frames or none. */
const several: Dialect = {
  name: 'several',
  onCut: 'polite',
  open: () => ({
    project: ({ id }) =>
      ['a', 'b', 'c'].slice(0, [3, 2, 0][toSeq(id) % 3]).map((name) => ({ data: `${id} ${name}` })),
    announce: () => [],
    over: false,
  }),
};
/** Dialects for exchanges. */
const tagged = scripted();
const plain = scripted({ name: 'plain', plain: true });

const turn = fc.constantFrom('t', 'u');
const appended = fc.array(
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({ turn, frames: fc.integer({ min: 0, max: 3 }), isLong: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ turn, frames: fc.constant('last' as const), isLong: fc.boolean() }) },
  ),
  { minLength: 1, maxLength: 3 },
);
const anywhere = fc.double({ min: 0, max: 1, noNaN: true });
/** Most readers choose the same frames, so that they share channels. */
const shown = fc.record({
  whole: fc.constantFrom(undefined, undefined, undefined, true as const),
  variant: fc.constantFrom(undefined, undefined, undefined, undefined, 'v', 'w'),
  withdrawn: fc.constantFrom(undefined, undefined, new Set<string>(), new Set(['p'])),
});
const stalls = fc.boolean();

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('append' as const), events: appended }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('join' as const),
      dialect: fc.constantFrom(typed, several, several),
      place: anywhere,
      inMid: fc.boolean(),
      stalls,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('join-exchange' as const),
      dialect: fc.constantFrom(tagged, plain),
      turn,
      shown,
      /** By a place in the log, or by a number of frames. Some clients count frames that do not exist yet. */
      cursor: fc.constantFrom('none', 'after', 'skip', 'both'),
      place: anywhere,
      inMid: fc.boolean(),
      ahead: fc.constantFrom(0, 0, 0, 1, 4),
      stalls,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('ask' as const),
      events: appended,
      dialect: fc.constantFrom(tagged, plain),
      stalls,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('leave' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('stall' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('drain' as const), which: fc.nat() }) },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Appended = typeof appended extends fc.Arbitrary<infer Value> ? Value : never;

const head: Omit<Head, 'version'> = { owner: 'o', kind: 'session', createdAt: 0, activeAt: 0, queue: [] };

interface Reading {
  readonly options: ReaderOptions;
  readonly seen: ReturnType<typeof createTestSink>['seen'];
  readonly stop: () => void;
}

interface NamedFrame {
  readonly id: string;
  readonly data: string;
}

/** Projects the log for a stream from its start, without readers. */
function toStraight({ dialect, scope }: ReaderOptions, entries: readonly Entry[]) {
  const projection = dialect.open({ scope });
  const frames: NamedFrame[] = [];
  const from = typeof scope === 'object' ? entries.findIndex(({ id }) => id === scope.from) + 1 : 0;
  for (const entry of entries.slice(from)) {
    if (projection.over) break;
    const bare = projection.project(entry);
    for (const [index, { data }] of bare.entries())
      frames.push({ id: toWireId(entry.id, index < bare.length - 1 ? index : undefined, undefined), data });
  }
  return { frames, isOver: projection.over };
}

/** Returns what a reader must get: the straight projection without the frames that its client has. */
function toExpected({ options }: Reading, entries: readonly Entry[]) {
  const { frames, isOver } = toStraight(options, entries);
  const { after: has, skip = 0, dialect } = options;
  const missing = frames.slice(skip).filter(({ id }) => {
    const { seq, frame = Infinity } = fromWireId(id) ?? { seq: 0 };
    return has === undefined || seq > has.seq || (seq === has.seq && frame > (has.frame ?? Infinity));
  });
  const toLine = ({ id, data }: NamedFrame): string => (dialect.plain ? data : `${id} ${data}`);
  return { lines: missing.map(toLine), closed: isOver ? ('end' as const) : undefined };
}

function toReceived({ seen }: Reading) {
  const frames = seen.writes.join('').matchAll(/^(?:id: (.*)\n)?data: (.*)$/gm);
  const lines = [...frames].map(([, id, data = '']) => (id === undefined ? data : `${id} ${data}`));
  return { lines, closed: seen.closed };
}

/** Runs the steps. The scheduler decides when reads and hints arrive. */
async function run(scheduler: fc.Scheduler, steps: readonly Step[]): Promise<void> {
  const { log } = memoryStore();
  const late = (what: string): Promise<void> => scheduler.schedule(Promise.resolve(), what);
  const slow: EventLog = {
    ...log,
    read: async (session, after, limit) => {
      await late('read starts');
      // Pages are small, so that a reader needs more than one step to come to the end of the channel.
      const page = await log.read(session, after, Math.min(limit, 3));
      await late('read answers');
      return page;
    },
    watch: (session, wake) => log.watch(session, () => void late('hint').then(() => wake())),
  };
  const readers = createReaders({
    log: slow,
    state: async () => emptyState('s'),
    keepaliveMs: 1e9,
    maxAgeMs: 1e9,
  });
  const readings: Reading[] = [];
  const entries: Entry[] = [];
  const append = async (events: readonly SessionEvent[], first = false): Promise<readonly Entry[]> => {
    const answer = await log.append('s', events, first ? { head: { was: 0, now: head } } : {});
    if (answer.type !== 'appended') return [];
    entries.push(...answer.entries);
    return answer.entries;
  };
  await append([toScripted('first')], true);

  const start = (options: Omit<ReaderOptions, 'session'>, isStalled: boolean): void => {
    const { sink, seen } = createTestSink({ isStalled });
    const all = { session: 's', ...options };
    const reader = readers.start(all, sink);
    readings.push({ options: all, seen, stop: () => reader.end('gone') });
  };
  /** Returns a place in the log. With `inMid` it is the first frame of an entry that has several. */
  const toPlace = (options: ReaderOptions, place: number, inMid: boolean) => {
    const entry = entries[Math.floor(place * (entries.length + 1)) - 1];
    const first = `${entry?.id}~0`;
    const isFrame = inMid && toStraight(options, entries).frames.some(({ id }) => id === first);
    return entry && fromWireId(isFrame ? first : entry.id);
  };
  const asked = entries.map(({ id }) => id);
  const toExchange = (name: string, from: string | undefined): Exchange => ({
    session: 's',
    message: 'm',
    turn: name,
    from,
  });
  const exchanges = { t: toExchange('t', undefined), u: toExchange('u', asked[0]) };

  const perform = async (next: Step): Promise<unknown> => {
    if (next.type === 'append') return append(next.events.map(toEvent));
    if (next.type === 'join') {
      const key = { session: 's', dialect: next.dialect, scope: 'session' } as const;
      return start({ ...key, after: toPlace(key, next.place, next.inMid) }, next.stalls);
    }
    if (next.type === 'join-exchange') {
      const { dialect, cursor } = next;
      const { whole, variant, withdrawn } = next.shown;
      const scope: Exchange = {
        ...exchanges[next.turn],
        ...(whole && { whole }),
        ...(variant !== undefined && { variant }),
        ...(withdrawn && { withdrawn }),
      };
      const key = { session: 's', dialect, scope };
      const count = Math.ceil(next.place * toStraight(key, entries).frames.length) + next.ahead;
      const after =
        cursor === 'after' || cursor === 'both' ? toPlace(key, next.place, next.inMid) : undefined;
      return start(
        { ...key, after, skip: cursor === 'skip' || cursor === 'both' ? count : undefined },
        next.stalls,
      );
    }
    if (next.type === 'ask') {
      const scope = toExchange(`asked ${entries.length}`, entries.at(-1)?.id);
      return start(
        { dialect: next.dialect, scope, opening: await append(next.events.map(toEvent)) },
        next.stalls,
      );
    }
    const reading = readings[next.which % Math.max(readings.length, 1)];
    if (next.type === 'leave') reading?.stop();
    if (next.type === 'leave' && reading) readings.splice(readings.indexOf(reading), 1);
    if (next.type === 'stall' && reading) reading.seen.stalls = true;
    if (next.type === 'drain') reading?.seen.drain();
  };
  const done = (async () => {
    for (const next of steps) {
      await perform(next);
      await late('step');
    }
    const isBehind = (reading: Reading): boolean => {
      const [received, expected] = [toReceived(reading), toExpected(reading, entries)];
      return received.lines.length < expected.lines.length || received.closed !== expected.closed;
    };
    for (let round = 0; round < 1_000 && readings.some(isBehind); round += 1) {
      for (const { seen } of readings) {
        seen.stalls = false;
        seen.drain();
      }
      await late('settle');
      // A long reading gives way to the event loop, which the scheduler does not control.
      await nextLoopTurn();
    }
  })();
  await scheduler.waitFor(done);
  for (const reading of readings) {
    expect(toReceived(reading)).toEqual(toExpected(reading, entries));
    reading.stop();
  }
  expect(readers.running.size).toBe(0);
  await readers.drain({ isAtWork: () => false, drainMs: 0 });
}

function toEvent({ turn, frames, isLong }: Appended[number]): SessionEvent {
  const text = isLong ? 'x'.repeat(24_000) : 'short';
  return frames === 'last' ? toLast(text, turn) : toScripted(text, frames, turn);
}

test('each reader gets the frames of a straight projection that its client does not have, once and in order, however readers join and stall', async () => {
  await fc.assert(fc.asyncProperty(fc.scheduler(), fc.array(step, { minLength: 5, maxLength: 40 }), run), {
    numRuns: 400,
  });
}, 60_000);
