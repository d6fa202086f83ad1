import { describe, expect, test } from 'vitest';
import { emptyState, fold } from '../protocol/index.ts';
import type { MessageState, SessionEvent, ToolPart } from '../protocol/index.ts';
import { createJoin } from './join-calls.ts';

const at = 0;
const started = (turn: string, resumes?: string): SessionEvent => ({
  type: 'message_start',
  at,
  turn,
  message: 'm1',
  attempt: 1,
  ...(resumes !== undefined && { resumes }),
});
const called = (turn: string, call: string, input: unknown = { to: 'ada' }): readonly SessionEvent[] => [
  { type: 'tool_use_start', turn, call, tool: 'send' },
  { type: 'tool_use_input', turn, call, data: JSON.stringify(input) },
  { type: 'tool_use', turn, call, tool: 'send', input },
];
const ended = (
  turn: string,
  call: string,
  status: 'ok' | 'error' | 'cancelled',
  output?: unknown,
): SessionEvent => ({
  type: 'tool_result',
  turn,
  call,
  output,
  status,
});
const asked = (turn: string, approval: string, call?: string): SessionEvent => ({
  type: 'approval_request',
  turn,
  approval,
  reason: 'Really?',
  ...(call !== undefined && { call }),
});
const over = (turn: string, outcome: 'completed' | 'waiting' | 'cancelled'): SessionEvent => ({
  type: 'message_end',
  turn,
  outcome,
});
const answered = (turn: string, approval: string, decision: unknown): SessionEvent => ({
  type: 'approval_answer',
  turn,
  approval,
  status: 'answered',
  decision,
});
const said = (turn: string, data: string): readonly SessionEvent[] => [
  { type: 'content_start', turn, part: 'p1' },
  { type: 'content', turn, part: 'p1', data },
];

const sent: SessionEvent = { type: 'message', at, message: 'm1', turn: 't1', content: 'Mail her.' };
/** A turn that waits for approval of a call. */
const waiting: readonly SessionEvent[] = [
  sent,
  started('t1'),
  ...called('t1', 'c1'),
  asked('t1', 'a1', 'c1'),
  ended('t1', 'c1', 'cancelled'),
  over('t1', 'waiting'),
];
const approved = [answered('t2', 'a1', true), started('t2', 't1')];

function fromEvents(events: readonly SessionEvent[]): readonly MessageState[] {
  let state = emptyState('s1');
  for (const [index, event] of events.entries()) state = fold(state, { id: `${index + 1}-aaaaaa`, event });
  return state.messages;
}

/** Returns the calls of each answer, as the view shows them. */
const callsOf = (messages: readonly MessageState[]): readonly (readonly ToolPart[])[] =>
  messages.flatMap((message) =>
    message.role === 'agent' ? [message.parts.filter((part) => part.type === 'tool')] : [],
  );
const statusesOf = (...events: readonly SessionEvent[]): readonly (readonly string[])[] =>
  callsOf(createJoin()(fromEvents(events))).map((calls) => calls.map(({ status }) => status));

describe('a call that waits for approval', () => {
  test('has the status waiting, not cancelled', () => {
    expect(statusesOf(...waiting)).toEqual([['waiting']]);
  });

  test('is never cancelled on the way, whichever of its events have come', () => {
    const all = [
      ...waiting,
      ...approved,
      ...called('t2', 'c1'),
      ended('t2', 'c1', 'ok', 'sent'),
      ...said('t2', 'x'),
    ];
    const join = createJoin();
    const seen = all.map((_, index) => callsOf(join(fromEvents(all.slice(0, index + 1)))).flat());
    expect(seen.map((calls) => calls.length).toSorted()).toEqual(seen.map((calls) => calls.length));
    expect(new Set(seen.flat().map(({ call }) => call))).toEqual(new Set(['c1']));
    const statuses = seen.flatMap((calls) => calls.map(({ status }) => status));
    expect(new Set(statuses)).toEqual(new Set(['input', 'running', 'waiting', 'ok']));
  });

  test('waits until it is carried out, and is then still one call in the same place', () => {
    const going = [...waiting, ...approved];
    expect(statusesOf(...going)).toEqual([['waiting'], []]);
    expect(statusesOf(...going, ...called('t2', 'c1'))).toEqual([['running'], []]);
    const done = [...going, ...called('t2', 'c1'), ended('t2', 'c1', 'ok', 'sent'), ...said('t2', 'Done.')];
    const messages = createJoin()(fromEvents([...done, over('t2', 'completed')]));
    expect(callsOf(messages)).toEqual([
      [expect.objectContaining({ call: 'c1', status: 'ok', output: 'sent' })],
      [],
    ]);
    expect(messages.at(-1)).toMatchObject({ parts: [{ type: 'text', text: 'Done.' }] });
  });

  test('is one call even under a new name, as soon as its input is written', () => {
    const going = [...waiting, ...approved];
    const writing: readonly SessionEvent[] = [
      { type: 'tool_use_start', turn: 't2', call: 'c9', tool: 'send' },
      { type: 'tool_use_input', turn: 't2', call: 'c9', data: '{"to":' },
    ];
    expect(statusesOf(...going, ...writing)).toEqual([['input'], []]);
    expect(statusesOf(...going, ...called('t2', 'c9'), ended('t2', 'c9', 'error'))).toEqual([['error'], []]);
    // The call keeps the name under which it was first shown.
    expect(callsOf(createJoin()(fromEvents([...going, ...called('t2', 'c9')])))[0]).toMatchObject([
      { call: 'c1' },
    ]);
  });

  test('is not mistaken for a call of another tool or with another input', () => {
    const going = [...waiting, ...approved];
    expect(statusesOf(...going, ...called('t2', 'c9', { to: 'eve' }))).toEqual([['waiting'], ['running']]);
    const other: SessionEvent = { type: 'tool_use_start', turn: 't2', call: 'c1', tool: 'count' };
    expect(statusesOf(...going, other)).toEqual([['waiting'], ['input']]);
    expect(statusesOf(...going, ...called('t2', 'c8'), ...called('t2', 'c9'))).toEqual([
      ['running'],
      ['running'],
    ]);
  });

  test('is cancelled if it is denied or expires, or if the resumed turn ends without it', () => {
    expect(statusesOf(...waiting, answered('t2', 'a1', false))).toEqual([['cancelled']]);
    for (const status of ['expired', 'cancelled'] as const)
      expect(statusesOf(...waiting, { type: 'approval_answer', turn: 't2', approval: 'a1', status })).toEqual(
        [['cancelled']],
      );
    expect(statusesOf(...waiting, ...approved, over('t2', 'completed'))).toEqual([['cancelled'], []]);
    expect(statusesOf(...waiting, answered('t2', 'a1', { amount: 7 }))).toEqual([['waiting']]);
  });

  test('is one call, however often it waits', () => {
    const again = [
      ...waiting,
      ...approved,
      ...called('t2', 'c1'),
      asked('t2', 'a2', 'c1'),
      ended('t2', 'c1', 'cancelled'),
      over('t2', 'waiting'),
    ];
    expect(statusesOf(...again)).toEqual([['waiting'], []]);
    const resumed = [answered('t3', 'a2', true), started('t3', 't2'), ...called('t3', 'c1')];
    expect(statusesOf(...again, ...resumed, ended('t3', 'c1', 'ok'))).toEqual([['ok'], [], []]);
  });
});

test('each of several calls is joined with its own repeat, and the others still wait', () => {
  const events = [
    sent,
    started('t1'),
    ...called('t1', 'c1', 1),
    ...called('t1', 'c2', 2),
    ...called('t1', 'c3', 3),
    ended('t1', 'c3', 'ok'),
    asked('t1', 'a1', 'c1'),
    asked('t1', 'a2', 'c2'),
    ended('t1', 'c1', 'cancelled'),
    ended('t1', 'c2', 'cancelled'),
    over('t1', 'waiting'),
    answered('t2', 'a1', true),
  ];
  expect(statusesOf(...events)).toEqual([['waiting', 'waiting', 'ok']]);
  const going = [...events, answered('t2', 'a2', false), started('t2', 't1'), ...called('t2', 'x', 1)];
  expect(statusesOf(...going, ended('t2', 'x', 'ok'))).toEqual([['ok', 'cancelled', 'ok'], []]);
  const unnamed = [
    sent,
    started('t1'),
    ...called('t1', 'c1'),
    asked('t1', 'a1'),
    ended('t1', 'c1', 'cancelled'),
  ];
  expect(statusesOf(...unnamed, over('t1', 'waiting'))).toEqual([['waiting']]);
});

test('the calls of a stopped turn do not wait', () => {
  expect(statusesOf(...waiting.slice(0, -1), over('t1', 'cancelled'))).toEqual([['cancelled']]);
});

test('unchanged messages keep their identity while others change', () => {
  const join = createJoin();
  const events = [...waiting, ...approved, ...called('t2', 'c1'), ended('t2', 'c1', 'ok', 'sent')];
  const states = [...events, ...said('t2', 'Done.')].map((_, index, all) => all.slice(0, index + 1));
  let state = emptyState('s1');
  const shown = states.map((all, index) => {
    const event = all.at(-1);
    if (event) state = fold(state, { id: `${index + 1}-aaaaaa`, event });
    return join(state.messages);
  });
  const [before, after] = shown.slice(-2);
  expect(after?.[1]).toBe(before?.[1]);
  expect(after?.[2]).not.toBe(before?.[2]);
  expect(join(state.messages)).toBe(after);
  expect(join([...state.messages])[1]).toBe(after?.[1]);
});

test('messages without such calls are returned unchanged', () => {
  const messages = fromEvents([sent, started('t1'), ...called('t1', 'c1'), over('t1', 'completed')]);
  expect(createJoin()(messages)).toBe(messages);
});
