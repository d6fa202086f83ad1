import type { MessageState } from '../../../protocol/index.ts';

/** A conversation of one turn: a question, an answer with a call, and the rest of the answer. */
export const history: readonly MessageState[] = [
  { role: 'user', message: 'm0', turn: 't0', at: 0, content: 'Add 1 and 1', status: 'started' },
  {
    role: 'agent',
    turn: 't0',
    message: 'm0',
    at: 0,
    attempt: 1,
    openSteps: [],
    outcome: 'completed',
    parts: [
      { type: 'text', part: 'p1', text: 'Let me see.', open: false },
      { type: 'tool', call: 'c1', tool: 'add', inputText: '', input: { a: 1 }, output: '2', status: 'ok' },
      { type: 'text', part: 'p2', text: 'It is 2.', open: false },
    ],
  },
];
