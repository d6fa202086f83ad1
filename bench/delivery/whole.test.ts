import { expect, test } from 'vitest';
import { findGap } from './whole.ts';

const all = { quick: false, rounds: 3 };

test.each([
  { what: 'a chosen workload', choice: { ...all, only: 'unicast' }, left: [] },
  { what: 'chosen servers', choice: { ...all, servers: 'raw' }, left: [] },
  { what: 'a quick run', choice: { ...all, quick: true }, left: [] },
  { what: 'two rounds', choice: { ...all, rounds: 2 }, left: [] },
  { what: 'no number of rounds', choice: { ...all, rounds: NaN }, left: [] },
  { what: 'a server that is left out', choice: all, left: ['nchan is left out.'] },
])('the docs do not take the figures of $what', ({ choice, left }) => {
  expect(findGap(choice, left)).toMatch(/^Only a run/);
});

test('the docs take the figures of a whole run', () => {
  expect(findGap(all, [])).toBeUndefined();
});
