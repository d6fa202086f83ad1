// The arithmetic of docs/scaling.md, with examples that can be computed by hand.
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

test('the tokens of its Redis bound the streams of a cell, which has no more nodes than they need', () => {
  const costs = { ...free, ownerCpu: 300e-6, readerCpu: 200e-6, redisTokenCpu: 100e-6 };
  // Redis can take 5,000 tokens a second, which 2,500 streams have. A node can take 1,000, so five nodes are
  // needed.
  expect(toCell(costs, demand, machines)).toEqual({
    streams: 2_500,
    nodes: 5,
    nodeLoad: expect.closeTo(0.5),
    redisLoad: expect.closeTo(0.5),
  });
});

test('memory bounds the silent streams of a node', () => {
  const costs = { ...free, streamBytes: 10_000, redisStreamCpu: 1e-6 };
  expect(toCell(costs, { ...demand, activeShare: 0 }, machines)).toMatchObject({
    streams: 500_000,
    nodes: 5,
  });
});

test('the hints of all other nodes bound the number of nodes', () => {
  const costs = { ...free, ownerCpu: 100e-6, hintCpu: 10e-6 };
  const { nodes, streams, nodeLoad } = toCell(costs, demand, machines);
  expect(nodeLoad).toBeLessThanOrEqual(machines.busy);
  // At 50,000 tokens a second the hints alone fill each node, whatever the number of nodes.
  expect(streams).toBeLessThan(25_000);
  expect(nodes).toBeLessThan(20);
});
