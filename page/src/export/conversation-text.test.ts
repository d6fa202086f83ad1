import { expect, test } from 'vitest';
import type { MessageState } from 'heddle';
import { conversationJson, conversationMarkdown, fileName } from './conversation-text.ts';

const messages = [
  { role: 'user', message: 'm1', content: 'hello', status: 'started' },
  {
    role: 'agent',
    turn: 't1',
    outcome: 'completed',
    parts: [
      { type: 'reasoning', part: 'r', text: 'hm', open: false },
      {
        type: 'tool',
        call: 'c',
        tool: 'search',
        status: 'ok',
        input: { query: 'x' },
        inputText: '',
        output: 'a ``` b',
      },
      { type: 'text', part: 'p', text: '**Hi**\n', open: false },
    ],
  },
  { role: 'user', message: 'm2', content: 'no', status: 'withdrawn' },
  {
    role: 'user',
    message: 'm3',
    content: [
      { type: 'text', text: 'see' },
      { type: 'file', name: 'a.pdf', media_type: 'application/pdf', data: '' },
    ],
    status: 'started',
  },
  { role: 'agent', turn: 't2', outcome: 'failed', error: { message: 'busy' }, parts: [] },
] as unknown as readonly MessageState[];
const conversation = { session: 's', title: 'A talk', at: 0, messages };

test('markdown has what was said, with tools, files and failures, and without thoughts', () => {
  expect(conversationMarkdown(conversation)).toBe(
    [
      '# A talk',
      '*1970-01-01T00:00:00.000Z*',
      '## You',
      'hello',
      '## Agent',
      '**search** · Done',
      '```json\n{\n  "query": "x"\n}\n```',
      '````\na ``` b\n````',
      '**Hi**',
      '## You',
      'see',
      '*File: a.pdf*',
      '## Agent',
      '*The answer failed: busy*\n',
    ].join('\n\n'),
  );
});

test('JSON has all of it', () => {
  expect(JSON.parse(conversationJson(conversation))).toEqual({
    session: 's',
    title: 'A talk',
    exportedAt: '1970-01-01T00:00:00.000Z',
    messages,
  });
});

test('the name of a file is safe on every system', () => {
  expect(fileName('What is a/b: "c"?', 'md')).toBe('What is a b c.md');
  expect(fileName('../../etc/passwd\u0000', 'json')).toBe('etc passwd.json');
  expect(fileName('東京は今何時ですか？', 'md')).toBe('東京は今何時ですか？.md');
  expect(fileName('\u202egnp.exe', 'md')).toBe('gnp.exe.md');
  expect(fileName(' ... ', 'json')).toBe('conversation.json');
  expect(fileName('🧵'.repeat(80), 'md')).toBe(`${'🧵'.repeat(60)}.md`);
});
