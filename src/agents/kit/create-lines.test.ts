import { expect, test } from 'vitest';
import { AgentError } from '../../protocol/index.ts';
import type { MessageState, Turn } from '../../protocol/index.ts';
import { createLines } from './create-lines.ts';

const session = { session: 's', owner: 'ann', metadata: { plan: 'free' } };

function turnOf(rest: Partial<Turn> = {}): { readonly turn: Turn; readonly saved: unknown[] } {
  const saved: unknown[] = [];
  return {
    saved,
    turn: {
      turn: 't2',
      attempt: 1,
      input: { type: 'message', content: 'And now?' },
      signal: new AbortController().signal,
      history: () => [],
      save: (snapshot) => void saved.push(JSON.parse(JSON.stringify(snapshot))),
      ...rest,
    },
  };
}

const history: readonly MessageState[] = [
  { role: 'user', message: 'm', turn: 't1', at: 0, content: 'Hi', status: 'started' },
  {
    role: 'agent',
    turn: 't1',
    message: 'm',
    at: 0,
    attempt: 1,
    openSteps: [],
    outcome: 'completed',
    parts: [
      { type: 'text', part: 'p1', text: 'I look.', open: false },
      { type: 'tool', call: 'c', tool: 'look', inputText: '{}', input: {}, status: 'ok', output: 'x' },
      { type: 'text', part: 'p2', text: 'Hello.', open: false },
    ],
  },
];

test('the start line has the message, the conversation and a thread', () => {
  expect(createLines(session, turnOf({ history: () => history }).turn).start).toEqual({
    type: 'start',
    version: 1,
    turn: 't2',
    attempt: 1,
    ...session,
    thread: 's.t2',
    prompt: 'And now?',
    input: { type: 'message', content: 'And now?' },
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'I look.\n\nHello.' },
      { role: 'user', content: 'And now?' },
    ],
    history,
  });
});

test('the thread and what the agent saved go on from turn to turn, and a lost snapshot begins a new thread', () => {
  const first = turnOf({ turn: 't1' });
  const { hear } = createLines(session, first.turn);
  expect(hear({ type: 'save', snapshot: { n: 1 } })).toBeUndefined();
  const second = turnOf({ snapshot: first.saved.at(-1) });
  expect(createLines(session, second.turn).start).toMatchObject({ thread: 's.t1', snapshot: { n: 1 } });
  expect(second.saved).toEqual([{ version: 1, thread: 's.t1', asked: [] }]);
  for (const snapshot of [undefined, { version: 2, thread: 'x', asked: [] }, { version: 1, thread: 'x' }])
    expect(createLines(session, turnOf({ snapshot }).turn).start.thread).toBe('s.t2');
});

test('an approval is asked for under a minted name, and answered under the name of the agent', () => {
  const first = turnOf({ turn: 't1' });
  const asked = createLines(session, first.turn).hear({
    type: 'approval_request',
    approval: 'pay',
    reason: '5?',
  });
  expect(asked).toMatchObject({
    event: { approval: expect.stringMatching(/^a_\w{16}$/) as string, reason: '5?' },
  });
  const { approval = '' } = (asked as { event: { approval?: string } }).event;
  const input = {
    type: 'answers',
    content: 'Pay',
    resumes: 't1',
    answers: [{ approval, reason: '5?', decision: true }],
  } as const;
  const { start } = createLines(
    session,
    turnOf({ input, snapshot: first.saved.at(-1), history: () => history }).turn,
  );
  expect(start.input).toMatchObject({ answers: [{ approval: 'pay', decision: true }] });
  expect(start.messages.at(-1)?.role).toBe('assistant');
  expect(() => createLines(session, turnOf({ input }).turn)).toThrow(
    expect.objectContaining({ code: 'approval_lost' }) as Error,
  );
});

test('a text and an event are passed on, an end is told, and a line of an unknown type is left out', () => {
  const { hear } = createLines(session, turnOf().turn);
  const event = { type: 'content', data: 'Hi' };
  expect(['end', event, { type: 'end' }].map(hear)).toEqual([
    { type: 'event', event: 'end' },
    { type: 'event', event },
    { type: 'end' },
  ]);
  expect([{ type: 'ping' }, { type: 'message_end' }, {}, [], 1, null].map(hear)).toEqual(
    Array(6).fill(undefined),
  );
});

test('an error is public only with a code, and its detail never is', () => {
  const { hear } = createLines(session, turnOf().turn);
  const failureOf = (line: object): unknown => {
    try {
      return hear({ type: 'error', ...line });
    } catch (error) {
      return error;
    }
  };
  const named = failureOf({ code: 'no_credit', message: 'Your credit is used up.', detail: 'secret' });
  expect(named).toBeInstanceOf(AgentError);
  expect(named).toMatchObject({ code: 'no_credit', message: 'Your credit is used up.', cause: 'secret' });
  const odd = failureOf({ message: 'secret' });
  expect(odd).toBeInstanceOf(Error);
  expect(odd).not.toBeInstanceOf(AgentError);
});
