import { expect, test } from 'vitest';
import { toHash, toRoute } from './page-route.ts';

test('a session is written into the fragment and read back', () => {
  const route = { type: 'session', session: 'a_B-9' } as const;
  expect(toHash(route)).toBe('#/s/a_B-9');
  expect(toRoute(toHash(route))).toEqual(route);
});

test('anything else is a new conversation', () => {
  for (const hash of ['', '#', '#/', '#/s/', '#/s/a/b', '#/s/%2e%2e', `#/s/${'x'.repeat(65)}`]) {
    expect(toRoute(hash)).toEqual({ type: 'new' });
  }
});
