import { expect, test } from 'vitest';
import type { AgentEvent, Turn, TurnInput } from '../../protocol/index.ts';
import { createLineTurn } from './create-line-turn.ts';

const session = { session: 's', owner: 'ada' };

/** Creates a turn. A snapshot goes through JSON, as in a store. */
function createTurn(options: Partial<Turn> = {}): { readonly turn: Turn; readonly saved: () => unknown } {
  let saved: unknown;
  const turn: Turn = {
    turn: 't2',
    attempt: 1,
    input: { type: 'message', content: 'Hi' },
    signal: new AbortController().signal,
    history: () => [],
    save: (snapshot) => (saved = JSON.parse(JSON.stringify(snapshot)) as unknown),
    ...options,
  };
  return { turn, saved: () => saved };
}

/** A turn that made two calls, and waits in one of them. */
function ask(): { readonly approval: string; readonly saved: unknown } {
  const { turn, saved } = createTurn({ turn: 't1' });
  const first = createLineTurn(session, turn);
  for (const call of ['c1', 'c2']) first.toEvent({ type: 'tool_use', call, tool: 'pay', input: { sum: 5 } });
  first.toEvent({ type: 'tool_result', call: 'c1', output: 'paid' });
  const asked = first.toEvent({ type: 'approval_request', approval: 'mine', call: 'c2', reason: 'Pay?' });
  first.keep({ at: 'pay' });
  first.save();
  const approval = typeof asked === 'object' && asked.type === 'approval_request' ? asked.approval : '';
  return { approval, saved: saved() };
}
const toAnswers = (approval: string): TurnInput => ({
  type: 'answers',
  content: 'Pay',
  resumes: 't1',
  answers: [{ approval, reason: 'Pay?', decision: true }],
});

test('an approval has a minted name in the log, and the answer has the name that the agent gave', () => {
  const { approval, saved } = ask();
  expect(approval).toMatch(/^a_\w{16}$/);
  const { start, resumed } = createLineTurn(
    session,
    createTurn({ input: toAnswers(approval), snapshot: saved }).turn,
  );
  expect(start).toMatchObject({
    thread: 's.t1',
    snapshot: { at: 'pay' },
    input: { answers: [{ approval: 'mine', decision: true }] },
  });
  expect(resumed).toEqual([{ type: 'tool_use', call: 'c2', tool: 'pay', input: { sum: 5 } }]);
});

test.each([[undefined], [{ version: 2, thread: 's', asked: [] }], [{ version: 1, thread: 's', asked: [] }]])(
  'an answer that finds the memory %j is lost',
  (snapshot) => {
    const { turn } = createTurn({ input: toAnswers('a'), ...(snapshot && { snapshot }) });
    expect(() => createLineTurn(session, turn)).toThrow(expect.objectContaining({ code: 'approval_lost' }));
  },
);

test('thread and snapshot go on from turn to turn, also where the agent saves nothing', () => {
  const first = createTurn({ turn: 't1' });
  const line = createLineTurn(session, first.turn);
  line.keep(['one']);
  line.save();
  const second = createTurn({ turn: 't2', snapshot: first.saved() });
  createLineTurn(session, second.turn).save();
  const third = createLineTurn(session, createTurn({ turn: 't3', snapshot: second.saved() }).turn);
  expect(third.start).toMatchObject({ thread: 's.t1', snapshot: ['one'] });
});

test.each([
  ['the turn before was cancelled or failed', {}, 's.t2'],
  ['a message takes the place of the answers', { snapshot: ask().saved }, 's.t2'],
  ['the turn is begun again', { attempt: 2, snapshot: { version: 1, thread: 's.t1', asked: [] } }, 's.t2.2'],
])('a new thread begins where %s', (_, options, thread) => {
  const { start } = createLineTurn(session, createTurn(options).turn);
  expect(start.thread).toBe(thread);
  expect(start.snapshot).toBeUndefined();
});

test('an event is passed on, and only the name of a call is cut', () => {
  const { toEvent } = createLineTurn(session, createTurn().turn);
  const call = 'x'.repeat(300);
  expect(toEvent('Hi')).toBe('Hi');
  expect(toEvent({ type: 'tool_result', call, output: 1 })).toEqual({
    type: 'tool_result',
    call: call.slice(0, 200),
    output: 1,
  });
});

test('numbers are names too: the answers come back to the questions that they are about', () => {
  const { turn, saved } = createTurn({ turn: 't1' });
  const first = createLineTurn(session, turn);
  const say = (event: object): unknown => first.toEvent(event as AgentEvent);
  say({ type: 'tool_use', call: 5, tool: 'pay', input: {} });
  const names = [7, 8].map((approval) => say({ type: 'approval_request', approval, call: 5, reason: '' }));
  first.save();
  const [, second] = names as { approval: string }[];
  const { start, resumed } = createLineTurn(
    session,
    createTurn({ input: toAnswers(second?.approval ?? ''), snapshot: saved() }).turn,
  );
  expect(start.input).toMatchObject({ answers: [{ approval: '8' }] });
  expect(resumed).toEqual([{ type: 'tool_use', call: '5', tool: 'pay', input: {} }]);
});
