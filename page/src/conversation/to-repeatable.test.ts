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

test('the last message that was answered can be said anew', () => {
  expect(toRepeatable({ status: 'ready', messages })?.message).toBe('b');
  expect(toRepeatable({ status: 'ready', messages: [] })).toBeUndefined();
});

test('nothing is said anew while something runs, waits, or is to be decided', () => {
  for (const status of ['submitted', 'streaming', 'waiting', 'loading', 'error'] as const)
    expect(toRepeatable({ status, messages })).toBeUndefined();
});

test('what is attached stays where the text is edited', () => {
  const file = { type: 'file', media_type: 'text/plain', data: '' } as const;
  expect(withText('old', 'new')).toBe('new');
  expect(withText([{ type: 'text', text: 'old' }, file], 'new')).toEqual([
    { type: 'text', text: 'new' },
    file,
  ]);
});
