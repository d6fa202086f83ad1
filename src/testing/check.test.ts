import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventAtId } from '../client/index.ts';
import { emptyState, toSeq } from '../protocol/index.ts';
import type { SessionEvent } from '../protocol/index.ts';
import { check } from './check.ts';
import { play, scripts, toReceived, toTag } from './history.fixture.ts';
import type { Script } from './history.fixture.ts';
import type { FinalLog, History, LoggedEntry } from './history.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import type { Rule } from './violation.ts';

/** A fault, the rule it breaks, and the change of a history that adds it. */
interface Mutation {
  readonly name: string;
  readonly rule: Rule;
  /** A fault of the server: all readers see it alike. */
  readonly script?: (events: readonly SessionEvent[], random: Random) => readonly SessionEvent[];
  /** A fault of the stream of the reader "ann's 1", which sees all entries and stays. */
  readonly stream?: (received: EventAtId[], random: Random, history: History) => EventAtId[];
  readonly history?: (history: History, random: Random) => History;
}

const mutations: readonly Mutation[] = [
  {
    name: 'two neighbours are swapped',
    rule: 'R1',
    stream: (received, random) => {
      const at = random.integer(0, received.length - 2);
      return received.toSpliced(at, 2, ...received.slice(at, at + 2).toReversed());
    },
  },
  {
    name: 'the stream starts in the middle, and the earlier entries follow',
    rule: 'R1',
    stream: (received, random) => {
      const at = random.integer(1, received.length - 1);
      return [...received.slice(at), ...received.slice(0, at)];
    },
  },
  {
    name: 'one entry is missing',
    rule: 'R2',
    stream: (received, random) => received.toSpliced(random.integer(0, received.length - 2), 1),
  },
  {
    name: 'several entries are missing',
    rule: 'R2',
    stream: (received, random) =>
      received.toSpliced(random.integer(0, received.length - 4), random.integer(2, 3)),
  },
  {
    name: 'a resync names the wrong gap',
    rule: 'R2',
    stream: (received, random) => {
      const at = random.integer(2, received.length - 1);
      const state = { ...emptyState('ann'), ...lastOf(received[at]) };
      const from = received[at - 2]?.id ?? '';
      return [
        ...received.slice(0, at),
        { event: { type: 'resync', reason: 'trimmed', from, state } },
        ...received.slice(at + 1),
      ];
    },
  },
  {
    name: 'one entry comes twice in a row',
    rule: 'R3',
    stream: (received, random) => {
      const at = random.integer(0, received.length - 1);
      return received.toSpliced(at, 0, ...received.slice(at, at + 1));
    },
  },
  {
    name: 'the last entries come again after a reconnect',
    rule: 'R3',
    stream: (received, random) => [...received, ...received.slice(-random.integer(1, 3))],
  },
  {
    name: 'an entry is in no log',
    rule: 'R4',
    stream: (received, random) => {
      const at = random.integer(0, received.length - 1);
      const phantom = { id: `${at + 1}-${toTag(random)}`, event: toText('a phantom') };
      return received.toSpliced(at, 0, phantom);
    },
  },
  {
    name: 'an entry is beyond the end of the log',
    rule: 'R4',
    stream: (received, random) => [
      ...received,
      { id: `${received.length + 1}-${toTag(random)}`, event: toText('more') },
    ],
  },
  {
    name: 'an event is altered',
    rule: 'R4',
    stream: (received, random) => {
      const at = random.integer(0, received.length - 1);
      return received.with(at, { ...received[at], event: toText('other words') });
    },
  },
  {
    name: 'a tag changes silently, as after a store lost writes and reused numbers',
    rule: 'R4',
    stream: (received, random) => {
      const at = random.integer(0, received.length - 1);
      const { event } = received[at] ?? { event: toText('') };
      return received.with(at, { id: `${at + 1}-${toTag(random)}`, event });
    },
  },
  {
    name: 'the tail is missing',
    rule: 'R5',
    stream: (received, random) => received.slice(0, -random.integer(1, 3)),
  },
  { name: 'a reader that stayed got nothing', rule: 'R5', stream: () => [] },
  {
    name: 'an acknowledged entry is not in the log',
    rule: 'R5',
    history: (history) => ({
      ...history,
      acknowledged: [...history.acknowledged, { session: 'ann', id: '900-zzzzzz' }],
    }),
  },
  {
    name: 'two readers saw different entries at a place that is now trimmed',
    rule: 'R6',
    history: (history, random) => {
      const trimmed = trim(history, random);
      const upTo = toSeq(logOf(trimmed, 'ann').trimmed ?? '');
      const at = random.integer(0, upTo - 1);
      const id = `${at + 1}-${toTag(random)}`;
      // The second reader sees all entries too, but one of them differs.
      const [reader] = trimmed.readers;
      if (reader === undefined) throw new Error('There is no reader.');
      const received = reader.connections.flatMap((connection) => connection.received);
      const other = received.with(at, { id, event: toText('otherwise') });
      const second = {
        ...reader,
        reader: 'a second',
        connections: [{ connection: 'second/1', received: other }],
      };
      return { ...trimmed, readers: [...trimmed.readers, second] };
    },
  },
  {
    name: 'a repeated key gets another turn',
    rule: 'R7',
    history: (history) => {
      const [post] = history.posts.filter(({ fate }) => fate.type === 'answered');
      if (post?.fate.type !== 'answered') throw new Error('There is no post.');
      const again = { ...post, fate: { ...post.fate, turn: 'another' } };
      return { ...history, posts: [...history.posts, again] };
    },
  },
  {
    name: 'a key is accepted with another content',
    rule: 'R7',
    history: (history) => {
      const [post] = history.posts.filter(({ fate }) => fate.type === 'answered');
      if (post === undefined) throw new Error('There is no post.');
      return { ...history, posts: [...history.posts, { ...post, content: 'something else' }] };
    },
  },
  {
    name: 'a message is in the log twice, for one key',
    rule: 'R7',
    script: (events) => {
      const turn = 'twice';
      const [message] = events.filter(({ type }) => type === 'message');
      return message?.type === 'message' ? [...events, { ...message, message: 'm-twice', turn }] : events;
    },
    // No post with a key of its own has sent it.
    history: (history) => ({
      ...history,
      posts: history.posts.filter(({ key }) => key !== 'key of m-twice'),
    }),
  },
  {
    name: 'a turn ends twice',
    rule: 'R8',
    script: (events, random) => insertAfterEnd(events, random, (end) => ({ ...end, outcome: 'cancelled' })),
  },
  {
    name: 'a turn has an event after its end',
    rule: 'R8',
    script: (events, random) =>
      insertAfterEnd(events, random, ({ turn }) => ({ type: 'content', turn, part: 'p', data: 'more' })),
  },
  {
    name: 'a part, or a call, is not closed at the end of its turn',
    rule: 'R8',
    script: (events, random) => {
      const ends = events.filter(({ type }) => type === 'content_end' || type === 'tool_result');
      const end = random.pick(ends);
      return events.filter((event) => event !== end);
    },
  },
  {
    name: 'a turn has no end',
    rule: 'R8',
    script: (events, random) => {
      const end = random.pick(events.filter(({ type }) => type === 'message_end'));
      return events.filter((event) => event !== end);
    },
  },
  {
    name: 'a turn begins the same attempt twice',
    rule: 'R8',
    script: (events, random) => {
      const start = random.pick(events.filter(({ type }) => type === 'message_start'));
      return events.toSpliced(events.indexOf(start), 0, start);
    },
  },
  {
    name: "the stream has an entry of another principal's session",
    rule: 'R9',
    stream: (received, random, history) => {
      const entry = random.pick(logOf(history, 'bob').entries);
      return received.toSpliced(random.integer(0, received.length), 0, toReceived(entry));
    },
  },
  {
    name: "a principal reads another principal's session",
    rule: 'R9',
    history: (history) => ({
      ...history,
      readers: history.readers.map((reader, index) =>
        index === 0 ? { ...reader, principal: 'bob' } : reader,
      ),
    }),
  },
];

function insertAfterEnd(
  events: readonly SessionEvent[],
  random: Random,
  toEvent: (end: SessionEvent & { type: 'message_end' }) => SessionEvent,
): readonly SessionEvent[] {
  const end = random.pick(events.filter((event) => event.type === 'message_end'));
  return events.toSpliced(random.integer(events.indexOf(end) + 1, events.length), 0, toEvent(end));
}

function toText(data: string): SessionEvent {
  return { type: 'content', turn: 'ann-t1', part: 'p1.1', data };
}

function lastOf(received: EventAtId | undefined): { readonly last?: string } {
  return received?.id === undefined ? {} : { last: received.id };
}

function logOf(history: History, session: string): FinalLog {
  const log = history.logs.find((one) => one.session === session);
  if (log === undefined) throw new Error(`There is no log of ${session}.`);
  return log;
}

/** Removes the first entries of ann's log, as retention does. The readers keep what they saw. */
function trim(history: History, random: Random): History {
  const { entries } = logOf(history, 'ann');
  const count = random.integer(1, entries.length - 1);
  const trimmed = entries[count - 1]?.id;
  return {
    ...history,
    logs: history.logs.map((log) =>
      log.session === 'ann'
        ? { ...log, entries: entries.slice(count), ...(trimmed !== undefined && { trimmed }) }
        : log,
    ),
  };
}

/** Changes what ann's first reader received. */
function restream(history: History, change: (received: EventAtId[]) => EventAtId[]): History {
  return {
    ...history,
    readers: history.readers.map((reader, index) => {
      if (index !== 0) return reader;
      const received = change(reader.connections.flatMap((connection) => connection.received));
      return { ...reader, connections: [{ connection: `${reader.reader}/1`, received }] };
    }),
  };
}

function mutate({ script, stream, history: change }: Mutation, clean: Script): History {
  const random = createRandom(clean.seed).fork('mutation');
  const played = play(script ? { ...clean, ann: script(clean.ann, random) } : clean);
  const streamed = stream ? restream(played, (received) => stream(received, random, played)) : played;
  return change ? change(streamed, random) : streamed;
}

describe('the stream checker', () => {
  test('finds nothing in clean histories', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        expect(check(play(script))).toEqual([]);
      }),
    );
  });

  test('finds nothing in clean histories whose logs were trimmed', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        expect(check(trim(play(script), createRandom(script.seed)))).toEqual([]);
      }),
    );
  });

  for (const mutation of mutations) {
    test(`${mutation.rule} alone is broken if ${mutation.name}`, () => {
      fc.assert(
        fc.property(scripts, (script) => {
          const violations = check(mutate(mutation, script));
          expect([...new Set(violations.map(({ rule }) => rule))]).toEqual([mutation.rule]);
          expect(violations[0]?.session).toBe('ann');
        }),
      );
    });
  }

  test('every rule has a mutation that breaks it', () => {
    const rules = new Set(mutations.map(({ rule }) => rule));
    expect([...rules].toSorted()).toEqual(['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9']);
  });

  test('a gap that a resync names is no violation', () => {
    fc.assert(
      fc.property(scripts, fc.nat(), (script, place) => {
        const history = restream(play(script), (received) => {
          const at = 1 + (place % (received.length - 1));
          const from = received[at - 1]?.id ?? '';
          const state = { ...emptyState('ann'), ...lastOf(received[at]) };
          return [
            ...received.slice(0, at),
            { event: { type: 'resync', reason: 'trimmed', from, state } },
            ...received.slice(at + 1),
          ];
        });
        expect(check(history)).toEqual([]);
      }),
    );
  });

  test('entries that a store lost are no violation if a resync reported the loss', () => {
    fc.assert(
      fc.property(scripts, fc.nat(), (script, place) => {
        const lost = (received: EventAtId[], told: boolean): EventAtId[] => {
          const at = place % received.length;
          const random = createRandom(script.seed);
          const future: LoggedEntry = { id: `${at + 1}-${toTag(random)}`, event: toText('of a lost future') };
          const state = { ...emptyState('ann'), ...lastOf(received[at]) };
          const resync: EventAtId = { event: { type: 'resync', reason: 'unknown', from: future.id, state } };
          return [...received.slice(0, at), future, ...(told ? [resync] : []), ...received.slice(at + 1)];
        };
        const history = play(script);
        expect(check(restream(history, (received) => lost(received, true)))).toEqual([]);
        expect(check(restream(history, (received) => lost(received, false)))).toMatchObject([{ rule: 'R4' }]);
      }),
    );
  });

  test('reports the reader, its connection and the ids', () => {
    const script: Script = {
      seed: 1,
      ann: [
        { type: 'session_start', session: 'ann' },
        { type: 'withdraw', message: 'm1' },
        { type: 'withdraw', message: 'm2' },
      ],
      bob: [{ type: 'session_start', session: 'bob' }],
    };
    const history = restream(play(script), ([first, , third]) => (first && third ? [first, third] : []));
    expect(check(history)).toEqual([
      {
        rule: 'R2',
        message: '1 entries are missing from 2 on.',
        session: 'ann',
        reader: "ann's 1",
        connection: "ann's 1/1",
        ids: ['2'],
      },
    ]);
  });
});
