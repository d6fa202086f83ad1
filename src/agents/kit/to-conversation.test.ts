import { expect, test } from 'vitest';
import type { AgentMessage, MessageState, PartState } from '../../protocol/index.ts';
import { saidIn, sentIn } from './conversation.fixture.ts';
import { toConversation } from './to-conversation.ts';

const asked = (content: string, turn = 't1'): MessageState => sentIn(turn, content);
const said = (parts: readonly PartState[], turn = 't1', outcome?: AgentMessage['outcome']): MessageState =>
  saidIn(turn, parts, outcome);
const text = (words: string): PartState => ({ type: 'text', part: 'p', text: words, open: false });
const call = (name: string, rest: object): PartState => ({
  type: 'tool',
  call: name,
  tool: 'add',
  inputText: '',
  input: {},
  status: 'ok',
  ...rest,
});

test('texts and the calls after them are one answer, and text after a call begins the next', () => {
  const parts = [
    text('One.'),
    text('Two.'),
    call('c 1', { output: 1 }),
    call('c 1', { output: 2 }),
    text('3.'),
  ];
  expect(toConversation([asked('Add'), said(parts)])).toEqual([
    { role: 'user', content: 'Add' },
    {
      role: 'assistant',
      texts: ['One.', 'Two.'],
      calls: [
        { id: 'c_1', tool: 'add', input: {}, output: 1, isOk: true },
        { id: 'c_1-2', tool: 'add', input: {}, output: 2, isOk: true },
      ],
    },
    { role: 'assistant', texts: ['3.'], calls: [] },
  ]);
});

test('a user begins it, also if the history was cut before an answer', () => {
  const history = [said([text('old')], 't0'), asked(' ', 't1'), said([text('blank')]), asked('Hi', 't2')];
  expect(toConversation(history)).toEqual([{ role: 'user', content: 'Hi' }]);
});

test('a call without a result gets a sentence, and a dead turn is left out with its message', () => {
  const parts = [
    call('c1', { status: 'running' }),
    call('c2', { status: 'cancelled', output: null }),
    call('c3', { output: '' }),
    call('c4', { status: 'input', input: undefined }),
  ];
  const history = [
    asked('Poison', 't0'),
    said([], 't0', 'failed'),
    asked('x'),
    said(parts, 't1', 'cancelled'),
  ];
  expect(toConversation(history)).toMatchObject([
    { content: 'x' },
    {
      texts: [],
      calls: [
        { id: 'c1', output: 'The call was interrupted. Whether it took effect is not known.', isOk: false },
        { id: 'c2', output: 'The call was cancelled.', isOk: false },
        { id: 'c3', output: '(no output)', isOk: true },
      ],
    },
  ]);
});

test('structured output that the model gave as its text too is there once', () => {
  const output = (data: unknown): PartState => ({ type: 'custom', name: 'structured_output', data });
  const textsOf = (...parts: readonly PartState[]) =>
    toConversation([asked('x'), said(parts)]).flatMap((each) => (each.role === 'user' ? [] : [each.texts]));
  expect(textsOf(text('{ "sum": 1 }'), output({ sum: 1 }))).toEqual([['{ "sum": 1 }']]);
  expect(textsOf(text('Well.'), output({ sum: 1 }))).toEqual([['Well.', '{"sum":1}']]);
  expect(textsOf(output({ sum: 1 }))).toEqual([['{"sum":1}']]);
});
