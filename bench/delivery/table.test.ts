import { expect, test } from 'vitest';
import { toPeersTable, toTargets } from './table.ts';
import type { Results } from './table.ts';
import type { Work } from './work.ts';

const variant = 'one at a time';
const work: Work = {
  name: 'broadcast',
  title: 'One stream.',
  columns: [{ name: 'events per CPU-second', better: 'more', unit: 'count' }],
  peers: ['floor', 'nchan', 'raw'],
  targets: [
    { variant, server: 'ours-memory', peer: 'floor', value: 0.75 },
    { variant, server: 'ours-memory', peer: 'nchan', value: 0.85 },
  ],
  run: () => Promise.resolve([]),
};
const results: Results = new Map([
  [
    variant,
    new Map([
      toRounds('ours-memory', 30, 50, 40),
      toRounds('floor', 100, 100, 100),
      toRounds('raw', 30, 25, 20),
    ]),
  ],
]);

test('a table of peers has the ratio of each peer that was measured, by rounds', () => {
  expect(toPeersTable(work, results)).toStrictEqual([
    '| events per CPU-second | | × bare epoll loop in C | × raw |',
    '|---|---|---|---|',
    '| one at a time | ours-memory | 0.40 (0.30–0.50) | 2.00 (1.00–2.00) |',
    '',
  ]);
});

test('there is no table of peers without peers, or without Heddle', () => {
  const without = new Map([[variant, new Map([toRounds('raw', 1)])]]);
  expect(toPeersTable(work, without)).toStrictEqual([]);
  expect(toPeersTable({ ...work, peers: ['nchan'] }, results)).toStrictEqual([]);
});

test('a target names its peer, and shows both digits of a share', () => {
  expect(toTargets([[work, results]])).toStrictEqual([
    '| target | | measured | |',
    '|---|---|---|---|',
    '| broadcast, one at a time: ours-memory | ≥ 0.75 × bare epoll loop in C | 0.40 (0.30–0.50) | missed |',
    '',
  ]);
});

function toRounds(name: string, ...figures: readonly number[]) {
  return [name, figures.map((figure, round) => ({ round, figures: [figure] }))] as const;
}
