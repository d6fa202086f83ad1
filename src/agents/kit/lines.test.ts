import { expect, test } from 'vitest';
import type { MessageState, TurnInput } from '../../protocol/index.ts';
import { saidIn, sentIn } from './conversation.fixture.ts';
import { toLineMessages, toSpokenLine, toStartLine } from './lines.ts';

const asked = (content: string, turn: string): MessageState => sentIn(turn, content);
const said = (turn: string, ...texts: readonly (string | null)[]): MessageState =>
  saidIn(
    turn,
    texts.map((text, index) =>
      text === null
        ? { type: 'tool', call: `c${index}`, tool: 'add', inputText: '', input: {}, output: 1, status: 'ok' }
        : { type: 'text', part: `p${index}`, text, open: false },
    ),
  );
const input: TurnInput = { type: 'message', content: 'And now?' };

test('the start line has the conversation as texts, with the new message last', () => {
  const history = [asked('Hi', 't1'), said('t1', 'One.', null, 'Two.'), asked('Add', 't2'), said('t2', null)];
  const turn = { turn: 't3', attempt: 1, input, history: () => history };
  const session = { session: 's', owner: 'ada', metadata: { plan: 'free' } };
  expect(toStartLine({ session, turn, thread: 's.t1', snapshot: { n: 1 } })).toEqual({
    type: 'start',
    version: 1,
    turn: 't3',
    attempt: 1,
    session: 's',
    owner: 'ada',
    metadata: { plan: 'free' },
    thread: 's.t1',
    prompt: 'And now?',
    input,
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'One.\n\nTwo.' },
      { role: 'user', content: 'Add' },
      { role: 'user', content: 'And now?' },
    ],
    history,
    snapshot: { n: 1 },
  });
});

test('without metadata and snapshot the start line has neither', () => {
  const turn = { turn: 't', attempt: 1, input, history: () => [] };
  const line = toStartLine({ session: { session: 's', owner: 'ada' }, turn, thread: 's.t' });
  expect(Object.keys(line)).not.toContain('metadata');
  expect(Object.keys(line)).not.toContain('snapshot');
});

test('answers add no message', () => {
  const answers: TurnInput = { type: 'answers', content: 'Pay', resumes: 't1', answers: [] };
  expect(toLineMessages([asked('Pay', 't1'), said('t1', 'I pay.')], answers)).toEqual([
    { role: 'user', content: 'Pay' },
    { role: 'assistant', content: 'I pay.' },
  ]);
});

test.each([
  ['Hi', { type: 'event', event: 'Hi' }],
  [
    { type: 'content', data: 'Hi' },
    { type: 'event', event: { type: 'content', data: 'Hi' } },
  ],
  [
    { type: 'save', snapshot: [1] },
    { type: 'save', snapshot: [1] },
  ],
  [{ type: 'end', extra: 1 }, { type: 'end' }],
  [
    { type: 'error', code: 'too_big', message: 'Too big.', detail: 'stack' },
    { type: 'error', code: 'too_big', message: 'Too big.', detail: 'stack' },
  ],
  [
    { type: 'error', code: 7, message: null },
    { type: 'error', message: '' },
  ],
  [{ type: 'message_end' }, undefined],
  [{ type: 'toString' }, undefined],
  [{ data: 'Hi' }, undefined],
  [7, undefined],
  [null, undefined],
  [['Hi'], undefined],
])('%j is read as %j', (value, line) => {
  expect(toSpokenLine(value)).toEqual(line);
});
