import { expect, test } from 'vitest';
import type { NextHead } from '../log/index.ts';
import type { Command, Creation, OnBusy } from './command.ts';
import { create, decide } from './decide.ts';

const approvals = ['a1', 'a2'];

/** Returns a session whose first turn waits for two approvals until the time 1,000. */
function waiting(more: Partial<Creation> = {}): NextHead {
  return run(create({ session: 's', owner: 'ada', kind: 'session', at: 0, ...more }).head, [
    message('m1'),
    { type: 'start', at: 1 },
    {
      type: 'end',
      turn: 't-m1',
      outcome: 'waiting',
      waiting: { approvals, next: 't-next', expiresAt: 1_000 },
      at: 2,
    },
  ]);
}

function message(name: string, onBusy: OnBusy = 'queue'): Command {
  return { type: 'message', message: name, turn: `t-${name}`, content: name, onBusy, at: 3 };
}

function answer(approval: string, at = 4, run?: string): Command {
  return { type: 'answer', approval, decision: true, at, run };
}

function run(head: NextHead, commands: readonly Command[]): NextHead {
  return commands.reduce((before, command) => {
    const decision = decide(before, command);
    return decision.type === 'append' ? decision.head : before;
  }, head);
}

test('a session that waits for approvals starts nothing, and is due when they expire', () => {
  const head = run(waiting(), [message('m2')]);
  expect(decide(head, { type: 'start', at: 5 })).toEqual({ type: 'nothing' });
  expect(head.dueAt).toBe(1_000);
});

test('an unattended session is due at once when it waits, and its approvals expire', () => {
  const head = waiting({ kind: 'once', unattended: true });
  expect(head.dueAt).toBe(2);
  expect(decide(head, answer('a1', 2))).toEqual({ type: 'refuse', code: 'too_late' });
  const expired = run(head, [{ type: 'expire', at: 2 }]);
  expect(expired).not.toHaveProperty('waiting');
  expect(expired.dueAt).toBe(3_600_002);
});

test('the last answer lets the turn go on, ahead of messages that wait', () => {
  const one = run(waiting(), [message('m2'), answer('a2')]);
  expect(one.queue).toHaveLength(1);
  const all = run(one, [answer('a1')]);
  expect(all.queue).toEqual([
    { message: 'm1', turn: 't-next', resumes: 't-m1' },
    { message: 'm2', turn: 't-m2' },
  ]);
  expect(all).toMatchObject({ dueAt: 0 });
  expect(all).not.toHaveProperty('waiting');
  expect(decide(all, { type: 'start', at: 5 })).toMatchObject({
    events: [{ type: 'message_start', turn: 't-next', message: 'm1', resumes: 't-m1', attempt: 1 }],
  });
});

test('an answer belongs to the turn that goes on, not to the one that has ended', () => {
  expect(decide(waiting(), answer('a1'))).toMatchObject({
    events: [{ type: 'approval_answer', turn: 't-next', approval: 'a1', status: 'answered', decision: true }],
  });
});

test.each([
  ['an unknown approval', [], answer('a3')],
  ['a second answer', [answer('a1')], answer('a1')],
  ['an answer after all were answered', [answer('a1'), answer('a2')], answer('a2')],
  ['an answer after the expiry', [], answer('a1', 1_000)],
] as const)('%s is refused', (_, before, command) => {
  expect(decide(run(waiting(), before), command)).toEqual({ type: 'refuse', code: 'too_late' });
});

test('approvals expire on time and not before, and the conversation goes on', () => {
  expect(decide(waiting(), { type: 'expire', at: 999 })).toEqual({ type: 'nothing' });
  const expired = decide(run(waiting(), [answer('a1'), message('m2')]), { type: 'expire', at: 1_000 });
  expect(expired).toMatchObject({
    events: [{ type: 'approval_answer', approval: 'a2', status: 'expired' }],
    head: { queue: [{ message: 'm2' }], dueAt: 0 },
  });
});

test('a cancel closes the approvals, unless it names another turn', () => {
  for (const turn of ['t-m1', undefined]) {
    expect(decide(waiting(), { type: 'cancel', turn, at: 5 })).toMatchObject({
      events: [
        { approval: 'a1', status: 'cancelled' },
        { approval: 'a2', status: 'cancelled' },
      ],
    });
  }
  expect(decide(waiting(), { type: 'cancel', turn: 'another', at: 5 })).toEqual({ type: 'nothing' });
});

test('a message waits behind the approvals, is refused, or closes them', () => {
  expect(decide(waiting(), message('m2'))).toMatchObject({ events: [{ type: 'message', queued: 1 }] });
  expect(decide(waiting(), message('m2', 'reject'))).toEqual({ type: 'refuse', code: 'busy' });
  expect(decide(waiting(), message('m2', 'interrupt'))).toMatchObject({
    events: [{ status: 'cancelled' }, { status: 'cancelled' }, { type: 'message' }],
    head: { queue: [{ message: 'm2' }], dueAt: 0 },
  });
});

test('a cancelled turn does not wait for approvals', () => {
  const head = run(create({ session: 's', owner: 'ada', kind: 'session', at: 0 }).head, [
    message('m1'),
    { type: 'start', at: 1 },
    { type: 'cancel', at: 2 },
    { type: 'end', turn: 't-m1', outcome: 'waiting', waiting: { approvals, next: 'n', expiresAt: 9 }, at: 3 },
  ]);
  expect(head).not.toHaveProperty('waiting');
});

test('a message whose turn goes on from approvals cannot be withdrawn', () => {
  const head = run(waiting(), [answer('a1'), answer('a2')]);
  expect(decide(head, { type: 'withdraw', message: 'm1', at: 5 })).toEqual({
    type: 'refuse',
    code: 'too_late',
  });
});

test('an answer that names another turn than the waiting one is too late', () => {
  const late = (turn: string): Command => ({ type: 'answer', approval: 'a1', turn, decision: true, at: 4 });
  expect(decide(waiting(), late('t-earlier'))).toEqual({ type: 'refuse', code: 'too_late' });
  expect(decide(waiting(), late('t-m1'))).toMatchObject({ type: 'append' });
});

test('each answer keeps the name that its sender gives the turn, and the turn takes that of the last one', () => {
  const first = decide(waiting(), answer('a1', 4, 'r1'));
  expect(first).toMatchObject({ events: [{ type: 'approval_answer', approval: 'a1', run: 'r1' }] });
  const runOf = (last: string | undefined): unknown => {
    const head = run(waiting(), [answer('a1', 4, 'r1'), answer('a2', 5, last), { type: 'start', at: 6 }]);
    return head.turn;
  };
  const turn = { turn: 't-next', message: 'm1', resumes: 't-m1', attempt: 1 };
  expect(runOf('r2')).toEqual({ ...turn, run: 'r2' });
  expect(runOf(undefined)).toEqual(turn);
});
