import { expect, test } from 'vitest';
import { emptyState, fold, foldEntries, toEntryId } from './index.ts';
import type { SessionEvent, SessionState } from './index.ts';

function foldAll(events: readonly SessionEvent[], from: SessionState = emptyState('s')): SessionState {
  return events.reduce(
    (state, event, index) => fold(state, { id: toEntryId(index + 1, 'abcdef'), event }),
    from,
  );
}

const sent = (message: string, turn: string) => ({
  type: 'message' as const,
  at: 0,
  message,
  turn,
  content: `say ${message}`,
});
const start = (message: string, turn: string, attempt = 1) => ({
  type: 'message_start' as const,
  at: 0,
  message,
  turn,
  attempt,
});
const text = (part: string, data: string): SessionEvent => ({ type: 'content', turn: 't1', part, data });

const answer: readonly SessionEvent[] = [
  { type: 'session_start', session: 's', metadata: { tag: 1 } },
  sent('m1', 't1'),
  start('m1', 't1'),
  { type: 'step_start', turn: 't1', step: 's1' },
  { type: 'content_start', turn: 't1', part: 'p1' },
  text('p1', 'Let me '),
  text('p1', 'see.'),
  { type: 'content_end', turn: 't1', part: 'p1' },
  { type: 'tool_use_start', turn: 't1', call: 'c1', tool: 'clock' },
  { type: 'tool_use_input', turn: 't1', call: 'c1', data: '{"zone":"UTC"}' },
  { type: 'tool_use', turn: 't1', call: 'c1', tool: 'clock', input: { zone: 'UTC' } },
  { type: 'tool_progress', turn: 't1', call: 'c1', data: 'half' },
  { type: 'tool_result', turn: 't1', call: 'c1', output: '12:00', status: 'ok' },
];

test('a turn folds into the sent message and the answer, part by part', () => {
  const state = foldAll(answer);
  expect(state).toMatchObject({ session: 's', metadata: { tag: 1 }, turn: 't1', last: '13-abcdef' });
  expect(state.messages).toMatchObject([
    { role: 'user', message: 'm1', status: 'started', content: 'say m1' },
    {
      role: 'agent',
      turn: 't1',
      openSteps: [{ step: 's1' }],
      parts: [
        { type: 'text', text: 'Let me see.', open: false },
        {
          type: 'tool',
          tool: 'clock',
          inputText: '{"zone":"UTC"}',
          input: { zone: 'UTC' },
          progress: 'half',
          output: '12:00',
          status: 'ok',
        },
      ],
    },
  ]);
});

test('the end of a turn closes it and keeps its outcome', () => {
  const state = foldAll([
    ...answer,
    { type: 'cancel_request', turn: 't1' },
    { type: 'message_end', turn: 't1', outcome: 'cancelled' },
  ]);
  expect(state).not.toHaveProperty('turn');
  expect(state.messages[1]).toMatchObject({ outcome: 'cancelled' });
  expect(state.messages[1]).not.toHaveProperty('cancelling');
});

test('discard removes text, and replace replaces it', () => {
  const more: readonly SessionEvent[] = [
    { type: 'content_start', turn: 't1', part: 'p2' },
    text('p2', 'secret'),
    { type: 'replace', turn: 't1', part: 'p2', data: '[removed]' },
    { type: 'discard', turn: 't1', parts: ['p1'] },
  ];
  const state = foldAll([...answer, ...more]);
  expect(state.messages[1]).toMatchObject({ parts: [{ type: 'tool' }, { type: 'text', text: '[removed]' }] });
});

test('a message that waited is placed where it was answered', () => {
  const state = foldAll([
    sent('m1', 't1'),
    sent('m2', 't2'),
    start('m1', 't1'),
    { type: 'message_end', turn: 't1', outcome: 'completed' },
    start('m2', 't2'),
  ]);
  expect(state.messages.map((message) => [message.role, message.turn])).toEqual([
    ['user', 't1'],
    ['agent', 't1'],
    ['user', 't2'],
    ['agent', 't2'],
  ]);
});

test('a second attempt continues the same message', () => {
  const state = foldAll([...answer, { type: 'discard', turn: 't1', parts: ['p1'] }, start('m1', 't1', 2)]);
  expect(state.messages).toHaveLength(2);
  expect(state.messages[1]).toMatchObject({ attempt: 2, parts: [{ type: 'tool' }] });
});

test('a second attempt drops the approval requests of the first one', () => {
  const request: SessionEvent = { type: 'approval_request', turn: 't1', approval: 'a1', reason: 'pay?' };
  const state = foldAll([
    ...answer,
    request,
    start('m1', 't1', 2),
    { ...request, approval: 'a2' },
    { type: 'message_end', turn: 't1', outcome: 'waiting' },
  ]);
  expect(state.approvals.map(({ approval }) => approval)).toEqual(['a2']);
});

test('a withdrawn message stays, with the status withdrawn', () => {
  const state = foldAll([sent('m1', 't1'), { type: 'withdraw', message: 'm1' }]);
  expect(state.messages).toMatchObject([{ status: 'withdrawn' }]);
});

test('events of unknown turns and of unknown types change only the last id', () => {
  const before = foldAll(answer);
  const unknown: unknown = { type: 'from_the_future', turn: 't1' };
  const after = fold(before, {
    id: '14-abcdef',

    event: { type: 'content', turn: 'other', part: 'p1', data: 'x' },
  });
  // The types forbid this, but a reader of a newer server may receive it.
  const later = fold(after, { id: '15-abcdef', event: unknown as SessionEvent });
  expect(later).toEqual({ ...before, last: '15-abcdef' });
  expect(later.messages).toBe(before.messages);
});

test('unchanged messages and parts keep their identity', () => {
  const before = foldAll(answer);
  const after = fold(before, {
    id: '14-abcdef',

    event: { type: 'tool_progress', turn: 't1', call: 'c1', data: 'done' },
  });
  expect(after.messages[0]).toBe(before.messages[0]);
  const [was, now] = [before.messages[1], after.messages[1]];
  expect(was?.role === 'agent' && now?.role === 'agent' && now.parts[0] === was.parts[0]).toBe(true);
});

const asks: readonly SessionEvent[] = [
  sent('m1', 't1'),
  start('m1', 't1'),
  { type: 'approval_request', turn: 't1', approval: 'a1', reason: 'pay?' },
  { type: 'approval_request', turn: 't1', approval: 'a2', call: 'c1', reason: 'sure?' },
  { type: 'message_end', turn: 't1', outcome: 'waiting', approvals: ['a1', 'a2'] },
];

test('the state lists an approval until it is answered, and the answer is in its part', () => {
  expect(foldAll(asks).approvals).toEqual([
    { turn: 't1', approval: 'a1', reason: 'pay?' },
    { turn: 't1', approval: 'a2', reason: 'sure?', call: 'c1' },
  ]);
  const state = foldAll([
    ...asks,
    { type: 'approval_answer', turn: 't2', approval: 'a1', status: 'answered', decision: true },
    { type: 'approval_answer', turn: 't2', approval: 'a2', status: 'expired' },
    { type: 'message_start', message: 'm1', turn: 't2', attempt: 1, at: 0, resumes: 't1' },
  ]);
  expect(state.approvals).toEqual([]);
  expect(state.messages.map(({ role, turn }) => [role, turn])).toEqual([
    ['user', 't1'],
    ['agent', 't1'],
    ['agent', 't2'],
  ]);
  expect(state.messages[1]).toMatchObject({
    parts: [
      { approval: 'a1', status: 'answered', decision: true },
      { approval: 'a2', status: 'expired' },
    ],
  });
});

test('a message that replaces another changes the branch when its turn starts', () => {
  const end = (turn: string): SessionEvent => ({ type: 'message_end', turn, outcome: 'completed' });
  const before = [
    sent('m1', 't1'),
    start('m1', 't1'),
    end('t1'),
    sent('m2', 't2'),
    start('m2', 't2'),
    end('t2'),
  ];
  const edit: SessionEvent = {
    type: 'message',
    at: 0,
    message: 'm3',
    turn: 't3',
    content: 'better',
    replaces: 'm2',
  };
  const waits = foldAll([...before, edit, sent('m4', 't4')]);
  expect(waits.messages).toHaveLength(6);
  const state = foldAll([...before, edit, sent('m4', 't4'), start('m3', 't3')]);
  expect(state.messages.map(({ role, turn }) => [role, turn])).toEqual([
    ['user', 't1'],
    ['agent', 't1'],
    ['user', 't4'],
    ['user', 't3'],
    ['agent', 't3'],
  ]);
});

test('an answer is folded into the turn that asks now, not into an earlier turn with the same approval name', () => {
  const ask = (turn: string): readonly SessionEvent[] => [
    sent(`m-${turn}`, turn),
    start(`m-${turn}`, turn),
    { type: 'approval_request', turn, approval: 'confirm', reason: turn },
    { type: 'message_end', turn, outcome: 'waiting' },
  ];
  const state = foldAll([
    ...ask('t1'),
    { type: 'approval_answer', turn: 't2', approval: 'confirm', status: 'answered', decision: false },
    ...ask('t3'),
    { type: 'approval_answer', turn: 't4', approval: 'confirm', status: 'answered', decision: true },
  ]);
  const decisions = state.messages.flatMap((message) =>
    message.role === 'agent'
      ? message.parts.map((part) => (part.type === 'approval' ? part.decision : undefined))
      : [],
  );
  expect(decisions).toEqual([false, true]);
});

test('a sent message keeps the last entry before it, one by one, at once, and when its turn starts', () => {
  const events = [sent('m1', 't1'), sent('m2', 't2'), start('m1', 't1'), start('m2', 't2')];
  const entries = events.map((event, index) => ({ id: toEntryId(index + 1, 'abcdef'), event }));
  const afters = (state: SessionState): unknown =>
    state.messages.flatMap((each) => (each.role === 'user' ? [[each.message, each.status, each.after]] : []));
  const expected = [
    ['m1', 'started', undefined],
    ['m2', 'started', '1-abcdef'],
  ];
  expect(afters(foldAll(events))).toEqual(expected);
  expect(afters(foldEntries(emptyState('s'), entries))).toEqual(expected);
  const base = foldEntries(emptyState('s'), entries.slice(0, 1));
  expect(afters(foldEntries(base, entries.slice(1)))).toEqual(expected);
  expect(foldEntries(emptyState('s'), entries).messages[0]).not.toHaveProperty('after');
});

test('the names that a sender gives a message and a turn stay with them', () => {
  const state = foldAll([
    { ...sent('m1', 't1'), ref: 'mine', run: 'r1' },
    { ...start('m1', 't1'), run: 'r1' },
    { type: 'message_end', turn: 't1', outcome: 'waiting' },
    { ...start('m1', 't2'), resumes: 't1', run: 'r2' },
    { ...start('m1', 't2', 2), resumes: 't1', run: 'r2' },
  ]);
  expect(state.messages).toMatchObject([
    { role: 'user', ref: 'mine', run: 'r1' },
    { role: 'agent', turn: 't1', run: 'r1' },
    { role: 'agent', turn: 't2', run: 'r2', attempt: 2 },
  ]);
});
