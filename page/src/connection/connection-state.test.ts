import { expect, test } from 'vitest';
import type { MessageState } from 'heddle';
import { toConnectionState } from './connection-state.ts';

const message: MessageState = {
  role: 'user',
  message: 'm',
  turn: 't',
  at: 0,
  content: 'hello',
  status: 'started',
};
const messages = [message];

test('a lost connection is told as one that comes back, whichever attempt is under way', () => {
  expect(toConnectionState({ messages, connection: 'waiting' }, true)).toBe('reconnecting');
  expect(toConnectionState({ messages, connection: 'connecting' }, true)).toBe('reconnecting');
  expect(toConnectionState({ messages: [], connection: 'connecting' }, true)).toBe('connecting');
  expect(toConnectionState({ messages, connection: 'live' }, true)).toBe('live');
  expect(toConnectionState({ messages, connection: 'closed' }, true)).toBe('closed');
});

test('without a network that is what is told, and without a session nothing', () => {
  expect(toConnectionState({ messages, connection: 'waiting' }, false)).toBe('offline');
  expect(toConnectionState({ messages: [], connection: 'idle' }, true)).toBe('idle');
});
