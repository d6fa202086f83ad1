// The arithmetic of docs/scaling.md, by examples that can be worked out by hand.
import { expect, test } from 'vitest';
import { toCell } from './project.ts';

const free = {
  streamBytes: 0,
  streamCpu: 0,
  nodeCpu: 0,
  ownerCpu: 0,
  readerCpu: 0,
  hintCpu: 0,
  redisStreamCpu: 0,
  redisNodeCpu: 0,
  redisTokenCpu: 0,
  redisHintCpu: 0,
  scripts: 0,
  tokenBytes: 0,
};
const demand = { streams: 1_000_000, activeShare: 0.1, tokensPerSecond: 20 };
const machines = { busy: 0.5, nodeBytes: 1_000_000_000 };

test('a cell takes as many streams as its Redis can have tokens of, and no more nodes than that needs', () => {
  const costs = { ...free, ownerCpu: 300e-6, readerCpu: 200e-6, redisTokenCpu: 100e-6 };
  // 5,000 tokens a second for Redis, 2,500 streams; 1,000 for a node, so five of them.
  expect(toCell(costs, demand, machines)).toEqual({
    streams: 2_500,
    nodes: 5,
    nodeLoad: expect.closeTo(0.5),
    redisLoad: expect.closeTo(0.5),
  });
});

test('memory bounds the streams of a node that are silent', () => {
  const costs = { ...free, streamBytes: 10_000, redisStreamCpu: 1e-6 };
  expect(toCell(costs, { ...demand, activeShare: 0 }, machines)).toMatchObject({
    streams: 500_000,
    nodes: 5,
  });
});

test('hints that each node hears of all others put an end to more nodes', () => {
  const costs = { ...free, ownerCpu: 100e-6, hintCpu: 10e-6 };
  const { nodes, streams, nodeLoad } = toCell(costs, demand, machines);
  expect(nodeLoad).toBeLessThanOrEqual(machines.busy);
  // However many nodes: the hints alone fill each of them at 50,000 tokens a second.
  expect(streams).toBeLessThan(25_000);
  expect(nodes).toBeLessThan(20);
});
