import { expect, test } from 'vitest';
import type { MessageState } from 'heddle';
import { ClientError } from 'heddle/client';
import { toConnectionState } from './connection-state.ts';

const message: MessageState = {
  role: 'user',
  message: 'm',
  turn: 't',
  at: 0,
  content: 'hello',
  status: 'started',
};
const view = { messages: [message], status: 'ready' } as const;

test('a lost connection is shown as reconnecting, whichever attempt is running', () => {
  expect(toConnectionState({ ...view, connection: 'waiting' }, true)).toBe('reconnecting');
  expect(toConnectionState({ ...view, connection: 'connecting' }, true)).toBe('reconnecting');
  expect(toConnectionState({ ...view, messages: [], connection: 'connecting' }, true)).toBe('connecting');
  expect(toConnectionState({ ...view, connection: 'live' }, true)).toBe('live');
  expect(toConnectionState({ ...view, connection: 'closed' }, true)).toBe('closed');
});

test('no network is shown as offline, and no session as idle', () => {
  expect(toConnectionState({ ...view, connection: 'waiting' }, false)).toBe('offline');
  expect(toConnectionState({ ...view, messages: [], connection: 'idle' }, true)).toBe('idle');
  const error = new ClientError('not_found', 'There is no such session.');
  expect(toConnectionState({ messages: [], connection: 'closed', status: 'error', error }, true)).toBe(
    'idle',
  );
});
