import * as fc from 'fast-check';
import type { EventAtId } from '../client/index.ts';
import { toEntryId } from '../protocol/index.ts';
import type { SessionEvent } from '../protocol/index.ts';
import { createHistory } from './create-history.ts';
import type { FinalLog, History, LoggedEntry } from './history.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

/** The events of two sessions with two owners, without ids. A test adds faults of the server here. */
export interface Script {
  readonly seed: number;
  readonly ann: readonly SessionEvent[];
  readonly bob: readonly SessionEvent[];
}

export const scripts: fc.Arbitrary<Script> = fc
  .record({ seed: fc.integer(), turns: fc.integer({ min: 1, max: 4 }) })
  .map(({ seed, turns }) => {
    const random = createRandom(seed);
    return {
      seed,
      ann: toEvents('ann', turns, random.fork('ann')),
      bob: toEvents('bob', 2, random.fork('bob')),
    };
  });

function toEvents(session: string, turns: number, random: Random): readonly SessionEvent[] {
  const events: SessionEvent[] = [{ type: 'session_start', session }];
  for (let count = 1; count <= turns; count += 1) {
    const [turn, message] = [`${session}-t${count}`, `${session}-m${count}`];
    events.push({ type: 'message', message, turn, content: `${session} asks ${count}`, at: 1 });
    events.push({ type: 'message_start', turn, message, attempt: 1, at: 1 });
    for (let part = 1; part <= random.integer(1, 3); part += 1) events.push(...toPart(turn, part, 1, random));
    if (random.chance(0.2)) {
      // The turn's node died, and another node starts the turn again.
      events.push({ type: 'discard', turn, parts: ['p1'] });
      events.push({ type: 'message_start', turn, message, attempt: 2, at: 1 }, ...toPart(turn, 1, 2, random));
    }
    events.push({ type: 'message_end', turn, outcome: 'completed' });
  }
  return events;
}

function toPart(turn: string, count: number, attempt: number, random: Random): readonly SessionEvent[] {
  if (random.chance(0.3)) {
    const call = `c${attempt}.${count}`;
    return [
      { type: 'tool_use_start', turn, call, tool: 'look' },
      { type: 'tool_use', turn, call, tool: 'look', input: { at: count, why: 'to see' } },
      { type: 'tool_result', turn, call, output: null, status: 'ok' },
    ];
  }
  const part = `p${attempt}.${count}`;
  const pieces = Array.from({ length: random.integer(1, 4) }, (_, index) => `word ${count}.${index} `);
  return [
    { type: 'content_start', turn, part },
    ...pieces.map((data) => ({ type: 'content', turn, part, data }) as const),
    { type: 'content_end', turn, part },
  ];
}

/**
 * Plays a script: writes logs, readers that are cut and reconnect, and posts with retries. A script without
 * faults gives a clean history.
 */
export function play({ seed, ann, bob }: Script): History {
  const random = createRandom(seed).fork('play');
  const history = createHistory();
  const logs = [toLog('ann', ann, random), toLog('bob', bob, random)];
  for (const log of logs) {
    history.log(log);
    history.acknowledge(
      log.session,
      log.entries.filter(() => random.chance(0.5)),
    );
    for (const { event, id } of log.entries) {
      if (event.type !== 'message') continue;
      const { message, turn, content } = event;
      const sent = { session: log.session, principal: log.owner, key: `key of ${message}`, content };
      const tries = random.integer(1, 3);
      for (let index = 1; index <= tries; index += 1) {
        const post = history.post(sent);
        if (index === tries) post.settle({ type: 'answered', message, turn, id });
      }
    }
    for (let count = 1; count <= 3; count += 1) read(history, log, `${log.session}'s ${count}`, random);
  }
  return history.toHistory();
}

function toLog(session: string, events: readonly SessionEvent[], random: Random): FinalLog {
  return {
    session,
    owner: session,
    entries: events.map((event, index) => ({ id: toEntryId(index + 1, toTag(random)), event })),
  };
}

export function toTag(random: Random): string {
  return Array.from({ length: 6 }, () => random.pick([...'abcdefghijklmnopqrstuvwxyz'])).join('');
}

function read(
  history: ReturnType<typeof createHistory>,
  { session, owner, entries }: FinalLog,
  name: string,
  random: Random,
): void {
  // The first reader of each session sees all. Others may start late or leave early.
  const start = name.endsWith('1') || random.chance(0.5) ? 0 : random.integer(0, entries.length - 1);
  const leaves = !name.endsWith('1') && random.chance(0.3);
  const end = leaves ? random.integer(start, entries.length) : entries.length;
  const after = entries[start - 1]?.id;
  const reader = history.reader({
    reader: name,
    session,
    principal: owner,
    ...(after !== undefined && { after }),
  });
  let connection = reader.connect();
  for (const entry of entries.slice(start, end)) {
    if (random.chance(0.1)) connection = reader.connect();
    connection.receive(toReceived(entry));
  }
  if (leaves) reader.leave();
}

export function toReceived({ id, event }: LoggedEntry): EventAtId {
  return { id, event };
}
