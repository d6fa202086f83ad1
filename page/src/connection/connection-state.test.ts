import { expect, test } from 'vitest';
import { emptyState } from 'heddle';
import { toConnectionState } from './connection-state.ts';

const view = { state: emptyState('s'), loaded: true } as const;

test('a lost connection is told as one that comes back, whichever attempt is under way', () => {
  expect(toConnectionState({ ...view, connection: 'waiting' }, true)).toBe('reconnecting');
  expect(toConnectionState({ ...view, connection: 'connecting' }, true)).toBe('reconnecting');
  expect(toConnectionState({ ...view, connection: 'connecting', loaded: false }, true)).toBe('connecting');
  expect(toConnectionState({ ...view, connection: 'live' }, true)).toBe('live');
  expect(toConnectionState({ ...view, connection: 'closed' }, true)).toBe('closed');
});

test('without a network that is what is told, and without a session nothing', () => {
  expect(toConnectionState({ ...view, connection: 'waiting' }, false)).toBe('offline');
  expect(toConnectionState(undefined, true)).toBe('idle');
});
