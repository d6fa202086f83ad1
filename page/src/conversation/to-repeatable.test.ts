import { expect, test } from 'vitest';
import type { SentMessage } from 'heddle';
import { toRepeatable, withText } from './to-repeatable.ts';

const sent = (message: string, status: SentMessage['status']): SentMessage => ({
  role: 'user',
  message,
  turn: `t ${message}`,
  at: 0,
  content: message,
  status,
});
const messages = [sent('a', 'started'), sent('b', 'started'), sent('c', 'withdrawn')];

test('the last answered message can be sent again', () => {
  expect(toRepeatable({ status: 'ready', messages })?.message).toBe('b');
  expect(toRepeatable({ status: 'ready', messages: [] })).toBeUndefined();
});

test('no message can be sent again while a turn runs or anything waits', () => {
  for (const status of ['submitted', 'streaming', 'waiting', 'loading', 'error'] as const)
    expect(toRepeatable({ status, messages })).toBeUndefined();
});

test('attachments stay when the text is edited', () => {
  const file = { type: 'file', media_type: 'text/plain', data: '' } as const;
  expect(withText('old', 'new')).toBe('new');
  expect(withText([{ type: 'text', text: 'old' }, file], 'new')).toEqual([
    { type: 'text', text: 'new' },
    file,
  ]);
});
