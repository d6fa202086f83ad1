import { expect, test } from 'vitest';
import { createTombstones } from './memory-session.ts';
import type { MemorySessions } from './memory-session.ts';

test('only the last dropped sessions leave their ids behind', () => {
  const sessions: MemorySessions = new Map();
  const tombstones = createTombstones(sessions, 2);
  for (const session of ['a', 'b', 'c']) {
    sessions.set(session, 'dropped');
    tombstones.add(session);
  }
  expect([...sessions.keys()]).toEqual(['b', 'c']);
});
