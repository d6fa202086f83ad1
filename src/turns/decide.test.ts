import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NextHead } from '../log/index.ts';
import type { SessionEvent } from '../protocol/index.ts';
import type { Command, OnBusy } from './command.ts';
import { create, decide } from './decide.ts';

const creation = { session: 's', owner: 'ada', kind: 'session', at: 1 } as const;
const message = (name: string, onBusy: OnBusy = 'queue'): Command => ({
  type: 'message',
  message: name,
  turn: `t-${name}`,
  content: name,
  onBusy,
  at: 2,
});

/**
 * Decides commands one after another. A refusal, or a command with nothing to do, leaves the head as it is.
 */
function run(
  commands: readonly Command[],
  options = {},
): { head: NextHead; events: SessionEvent[]; refused: string[] } {
  let head: NextHead = create(creation).head;
  const events: SessionEvent[] = [];
  const refused: string[] = [];
  for (const command of commands) {
    const decision = decide(head, command, options);
    if (decision.type === 'append') {
      head = decision.head;
      events.push(...decision.events);
    } else if (decision.type === 'refuse') refused.push(decision.code);
  }
  return { head, events, refused };
}

const end = (turn: string, outcome: 'completed' | 'failed' = 'completed'): Command => ({
  type: 'end',
  turn,
  outcome,
  at: 3,
});

test('messages wait for their turn in the order they came', () => {
  const { head, events } = run([message('a'), message('b'), { type: 'start', at: 0 }, message('c')]);
  expect(head.turn).toMatchObject({ turn: 't-a', attempt: 1 });
  expect(head.queue.map(({ message: name }) => name)).toEqual(['b', 'c']);
  expect(events.map((event) => [event.type, 'queued' in event ? event.queued : undefined])).toEqual([
    ['message', undefined],
    ['message', 1],
    ['message_start', undefined],
    ['message', 2],
  ]);
});

test('a busy session refuses a message with onBusy reject, and a full queue refuses every message', () => {
  expect(run([message('a'), message('b', 'reject')]).refused).toEqual(['busy']);
  expect(run([message('a'), message('b'), message('c')], { maxQueue: 2 }).refused).toEqual(['queue_full']);
});

test('an interrupting message stops the turn and is answered next', () => {
  const { head, events } = run([
    message('a'),
    { type: 'start', at: 0 },
    message('b'),
    message('c', 'interrupt'),
  ]);
  expect(head.turn?.cancelled).toBe(true);
  expect(head.queue.map(({ message: name }) => name)).toEqual(['c', 'b']);
  expect(events.slice(-2)).toMatchObject([
    { type: 'cancel_request', turn: 't-a' },
    { type: 'message', message: 'c', queued: 1 },
  ]);
});

test('an interrupting message does not come before a turn whose approvals were just answered', () => {
  const { head } = run([message('a'), { type: 'start', at: 0 }]);
  const resumed = { message: 'a', turn: 't-a2', resumes: 't-a' };
  const rests = { ...head, queue: [resumed, { message: 'b', turn: 't-b' }] };
  delete rests.turn;
  const decision = decide(rests, message('c', 'interrupt'));
  const queue = decision.type === 'append' ? decision.head.queue : [];
  expect(queue.map(({ turn }) => turn)).toEqual(['t-a2', 't-c', 't-b']);
});

test('the names that a sender gives a message and its turn are in the log, and that of the turn in each start', () => {
  const named = { ...message('a'), ref: 'mine', run: 'r1' };
  const { head, events } = run([named, { type: 'start', at: 0 }, { type: 'restart', at: 0 }]);
  expect(head.turn).toEqual({ message: 'a', turn: 't-a', run: 'r1', attempt: 2 });
  expect(events).toMatchObject([
    { type: 'message', ref: 'mine', run: 'r1' },
    { type: 'message_start', run: 'r1', attempt: 1 },
    { type: 'message_start', run: 'r1', attempt: 2 },
  ]);
  expect(events[1]).not.toHaveProperty('ref');
  expect(run([message('b')]).events[0]).toEqual({
    type: 'message',
    message: 'b',
    turn: 't-b',
    content: 'b',
    at: 2,
  });
});

test('a stale or second cancel stops nothing', () => {
  const { events } = run([
    message('a'),
    { type: 'start', at: 0 },
    { type: 'cancel', turn: 'other', at: 3 },
    { type: 'cancel', at: 3 },
    { type: 'cancel', at: 3 },
  ]);
  expect(events.filter(({ type }) => type === 'cancel_request')).toHaveLength(1);
});

test('a cancelled turn ends cancelled, however the agent ended', () => {
  const { events } = run([message('a'), { type: 'start', at: 0 }, { type: 'cancel', at: 3 }, end('t-a')]);
  expect(events.at(-1)).toEqual({ type: 'message_end', turn: 't-a', outcome: 'cancelled' });
});

test('a message can be withdrawn until its turn starts', () => {
  const { head } = run([message('a'), { type: 'withdraw', message: 'a', at: 3 }]);
  expect(head.queue).toEqual([]);
  expect(head).not.toHaveProperty('dueAt');
  expect(
    run([message('a'), { type: 'start', at: 0 }, { type: 'withdraw', message: 'a', at: 3 }]).refused,
  ).toEqual(['too_late']);
});

test('a one-shot session takes one message', () => {
  const first = decide(create({ ...creation, kind: 'once' }).head, message('a'));
  expect(first.type).toBe('append');
  expect(first.type === 'append' && decide(first.head, message('b'))).toEqual({
    type: 'refuse',
    code: 'too_late',
  });
});

test('the title is the first line of the first message, at most 80 characters', () => {
  expect(run([message('  first\nsecond'), message('other')]).head.title).toBe('first');
  expect([...(run([message('あ'.repeat(100))]).head.title ?? '')]).toHaveLength(80);
});

test('for any commands in any order, each turn has one start and one end, and dueAt says if there is work', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const command = fc.oneof(
    fc
      .tuple(name, fc.constantFrom<OnBusy>('queue', 'reject', 'interrupt', 'supersede'), name)
      .map(([text, onBusy, seen]) => ({ ...message(text, onBusy), seen })),
    fc.constant<Command>({ type: 'start', at: 0 }),
    fc.constant<Command>({ type: 'restart', at: 0 }),
    name.map((text): Command => ({ type: 'cancel', turn: `t-${text}`, at: 3 })),
    name.map((text): Command => ({ type: 'withdraw', message: text, at: 3 })),
    name.map((text) => end(`t-${text}`)),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
      // Each name is used once, as minted names are.
      const seen = new Set<string>();
      const once = commands.filter(
        (one) => one.type !== 'message' || (!seen.has(one.message) && seen.add(one.message)),
      );
      const { head, events } = run(once);
      expect(head.dueAt !== undefined).toBe(head.turn !== undefined || head.queue.length > 0);
      for (const turn of ['t-a', 't-b', 't-c', 't-d']) {
        const ends = events.filter((event) => event.type === 'message_end' && event.turn === turn);
        const starts = events.filter(
          (event) => event.type === 'message_start' && event.turn === turn && event.attempt === 1,
        );
        expect(ends.length).toBeLessThanOrEqual(starts.length);
        expect(starts.length).toBeLessThanOrEqual(1);
        const last = events.findLastIndex((event) => 'turn' in event && event.turn === turn);
        if (ends.length === 1) expect(events[last]?.type).toBe('message_end');
      }
    }),
  );
});
