// The steps of `npm run proof:rolling` with twenty streams instead of a thousand.
import { expect, test } from 'vitest';
import { createRandom } from 'heddle/testing';
import { roll } from '../rig/rounds/roll.ts';

test('each of three nodes restarts in turn under open streams: no turn begins again, and readers lose nothing', async () => {
  const { history, violations, ends, returns } = await roll({
    streams: 20,
    sessions: 4,
    nodes: 3,
    paceMs: 40,
    restMs: 300,
    random: createRandom(1),
  });
  expect(violations).toEqual([]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  const begun = history.logs.flatMap(({ entries }) =>
    entries.flatMap(({ event }) => (event.type === 'message_start' ? [event.attempt] : [])),
  );
  expect(begun.length).toBeGreaterThan(4);
  expect(new Set(begun)).toEqual(new Set([1]));
  // Each stream was on one of the nodes, so each reader reconnected.
  expect(returns.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
}, 60_000);
