// Readers join, leave and stall at random. Each is compared with a plain read of the log.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { typed } from '../dialects/index.ts';
import type { Dialect } from '../dialects/index.ts';
import { nextLoopTurn } from '../log/internal.ts';
import { memoryStore } from '../log/index.ts';
import type { EventLog, Head } from '../log/index.ts';
import { emptyState, fromWireId, toSeq } from '../protocol/index.ts';
import type { Entry, SessionEvent } from '../protocol/index.ts';
import { createTestSink } from './channel.fixture.ts';
import { createReaders } from './readers.ts';

/** A dialect whose entries have three frames, two frames or none. */
const several: Dialect = {
  name: 'several',
  onCut: 'polite',
  open: () => ({
    project: (entry) => toDatas(entry).map((data) => ({ data })),
    announce: () => [],
    over: false,
  }),
};

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      count: fc.integer({ min: 1, max: 3 }),
      isLong: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('join' as const),
      dialect: fc.constantFrom(typed, several, several),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      frame: fc.boolean(),
      stalls: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('leave' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('stall' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('drain' as const), which: fc.nat() }) },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const head: Omit<Head, 'version'> = { owner: 'o', kind: 'session', createdAt: 0, activeAt: 0, queue: [] };

interface Reading {
  readonly dialect: Dialect;
  /** The wire id that the reading began after. */
  readonly after: string | undefined;
  readonly seen: ReturnType<typeof createTestSink>['seen'];
  readonly stop: () => void;
}

/** Returns the frames of a dialect after an id, computed from the log itself. */
function toExpected({ dialect, after }: Reading, entries: readonly Entry[]): readonly string[] {
  const frames = entries.flatMap((entry) => {
    const datas = dialect === typed ? [JSON.stringify(entry.event)] : toDatas(entry);
    return datas.map(
      (data, index) => `${index === datas.length - 1 ? entry.id : `${entry.id}~${index}`} ${data}`,
    );
  });
  const has = after === undefined ? undefined : fromWireId(after);
  if (has === undefined) return frames;
  return frames.filter((frame) => {
    const { seq, frame: index = Infinity } = fromWireId(frame.slice(0, frame.indexOf(' '))) ?? { seq: 0 };
    return seq > has.seq || (seq === has.seq && index > (has.frame ?? Infinity));
  });
}

function toDatas({ id }: Entry): readonly string[] {
  return ['a', 'b', 'c'].slice(0, [3, 2, 0][toSeq(id) % 3]).map((name) => `${id} ${name}`);
}

function toReceived({ seen }: Reading): readonly string[] {
  return [...seen.writes.join('').matchAll(/^id: (.*)\ndata: (.*)$/gm)].map(
    ([, id, data]) => `${id} ${data}`,
  );
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
  const append = async (events: readonly SessionEvent[], first = false): Promise<void> => {
    const answer = await log.append('s', events, first ? { head: { was: 0, now: head } } : {});
    if (answer.type === 'appended') entries.push(...answer.entries);
  };
  await append([{ type: 'custom', turn: 't', name: 'first', data: '' }], true);

  const perform = async (next: Step): Promise<void> => {
    if (next.type === 'append') {
      const data = next.isLong ? 'x'.repeat(30_000) : 'short';
      return append(
        Array.from({ length: next.count }, () => ({ type: 'custom', turn: 't', name: 'n', data })),
      );
    }
    if (next.type === 'join') {
      const { dialect, stalls } = next;
      const entry = entries[Math.floor(next.place * (entries.length + 1)) - 1];
      const inMid = next.frame && dialect === several && entry !== undefined && toDatas(entry).length > 1;
      const after = entry && (inMid ? `${entry.id}~0` : entry.id);
      const { sink, seen } = createTestSink({ isStalled: stalls });
      const options = {
        session: 's',
        dialect,
        scope: 'session',
        after: after === undefined ? undefined : fromWireId(after),
      } as const;
      const reader = readers.start(options, sink);
      readings.push({ dialect, after, seen, stop: () => reader.end('gone') });
      return;
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
    const isBehind = (reading: Reading): boolean =>
      toReceived(reading).length < toExpected(reading, entries).length;
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
    expect(reading.seen.closed).toBeUndefined();
    reading.stop();
  }
  expect(readers.running.size).toBe(0);
  await readers.drain({ isAtWork: () => false, drainMs: 0 });
}

test('each reader gets the frames of a plain read of the log, once and in order, however readers join and stall', async () => {
  await fc.assert(fc.asyncProperty(fc.scheduler(), fc.array(step, { minLength: 5, maxLength: 40 }), run), {
    numRuns: 400,
  });
}, 60_000);
