import { expect, test } from 'vitest';
import type { PartState } from 'heddle';
import { answerMarkdown } from './answer-markdown.ts';

const text = (said: string, agent?: readonly string[]): PartState => ({
  type: 'text',
  part: said,
  text: said,
  open: false,
  ...(agent && { agent: [...agent] }),
});
const thought: PartState = { type: 'reasoning', part: 'r', text: 'hm', open: false };

test('an answer is the texts of the agent, without thoughts and inner agents', () => {
  expect(
    answerMarkdown({ parts: [thought, text('**a**\n'), text('x', ['inner']), text(' '), text('b')] }),
  ).toBe('**a**\n\nb');
});

test('the texts of inner agents are the answer if there is no other', () => {
  expect(answerMarkdown({ parts: [thought, text('x', ['inner'])] })).toBe('x');
  expect(answerMarkdown({ parts: [thought] })).toBe('');
});
