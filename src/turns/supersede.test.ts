import { expect, test } from 'vitest';
import type { NextHead } from '../log/index.ts';
import type { Command, OnBusy } from './command.ts';
import { create, decide } from './decide.ts';

const message = (name: string, onBusy: OnBusy = 'queue', seen?: string): Command => ({
  type: 'message',
  message: name,
  turn: `t-${name}`,
  content: name,
  onBusy,
  seen,
  at: 2,
});
const start: Command = { type: 'start', at: 3 };
const cancel: Command = { type: 'cancel', at: 3 };
const end: Command = { type: 'end', turn: 't-a', outcome: 'completed', at: 3 };
const asks: Command = {
  ...end,
  outcome: 'waiting',
  waiting: { approvals: ['a1', 'a2'], next: 't-next', expiresAt: 9 },
};
const answer = (approval: string): Command => ({ type: 'answer', approval, decision: true, at: 4 });

function run(commands: readonly Command[]): NextHead {
  return commands.reduce<NextHead>(
    (head, command) => {
      const decision = decide(head, command);
      return decision.type === 'append' ? decision.head : head;
    },
    create({ session: 's', owner: 'ada', kind: 'session', at: 1 }).head,
  );
}

/** Each session, the message that the sender has seen, and whether the sender's message interrupts. */
test.each<[session: string, before: readonly Command[], seen: string | undefined, interrupts: boolean]>([
  ['is idle', [], undefined, false],
  ['is idle', [], 'a', false],
  ['has ended the turn that was seen', [message('a'), start, end], 'a', false],
  ['has a message that waits and no turn', [message('a')], undefined, false],
  ['has a message that waits and no turn', [message('a')], 'a', false],
  ['has an open turn', [message('a'), start], undefined, false],
  ['has an open turn of another message', [message('a'), start], 'other', false],
  ['has an open turn of another message', [message('a'), start, message('b')], 'b', false],
  ['has an open turn that was seen', [message('a'), start], 'a', true],
  ['has an open turn that was seen, and others wait', [message('a'), start, message('b')], 'a', true],
  ['has a turn that was seen and is cancelled', [message('a'), start, cancel, message('b')], 'a', true],
  ['waits for approvals', [message('a'), start, asks], undefined, true],
  ['waits for approvals', [message('a'), start, asks], 'a', true],
  ['waits for approvals', [message('a'), start, asks], 'other', true],
  ['waits for the last approval', [message('a'), start, asks, message('b'), answer('a1')], undefined, true],
  ['is about to go on', [message('a'), start, asks, answer('a1'), answer('a2')], undefined, false],
  ['is about to go on', [message('a'), start, asks, answer('a1'), answer('a2')], 'a', false],
  ['has gone on', [message('a'), start, asks, answer('a1'), answer('a2'), start], undefined, false],
  ['has gone on', [message('a'), start, asks, answer('a1'), answer('a2'), start], 'a', true],
])('a superseding message to a session that %s (%#)', (_, before, seen, interrupts) => {
  const head = run(before);
  const decision = decide(head, message('x', 'supersede', seen));
  expect(decision).toMatchObject({ type: 'append' });
  expect(decision).toEqual(decide(head, message('x', interrupts ? 'interrupt' : 'queue')));
  // Twin: the two differ, or there is nothing that they could differ in.
  const isQuiet =
    head.turn === undefined &&
    head.waiting === undefined &&
    head.queue.every(({ resumes }) => resumes !== undefined);
  const other = decide(head, message('x', interrupts ? 'queue' : 'interrupt'));
  if (isQuiet) expect(other).toEqual(decision);
  else expect(other).not.toEqual(decision);
});

test('a superseding message closes the approvals, or stops the turn that was seen', () => {
  expect(decide(run([message('a'), start, asks]), message('x', 'supersede'))).toMatchObject({
    events: [
      { type: 'approval_answer', approval: 'a1', status: 'cancelled' },
      { type: 'approval_answer', approval: 'a2', status: 'cancelled' },
      { type: 'message', message: 'x' },
    ],
  });
  expect(decide(run([message('a'), start, message('b')]), message('x', 'supersede', 'a'))).toMatchObject({
    events: [
      { type: 'cancel_request', turn: 't-a' },
      { type: 'message', message: 'x', queued: 1 },
    ],
    head: { queue: [{ message: 'x' }, { message: 'b' }] },
  });
});

test('`seen` counts for no other way to treat a message', () => {
  const head = run([message('a'), start]);
  for (const onBusy of ['queue', 'reject', 'interrupt'] as const)
    expect(decide(head, message('x', onBusy, 'a'))).toEqual(decide(head, message('x', onBusy)));
});

test('a superseding message is refused by a full queue, as any other', () => {
  const head = run([message('a'), start, message('b')]);
  expect(decide(head, message('x', 'supersede', 'a'), { maxQueue: 1 })).toEqual({
    type: 'refuse',
    code: 'queue_full',
  });
});
