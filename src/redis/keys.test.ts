import { expect, test } from 'vitest';
import { mint } from '../protocol/internal.ts';
import { createKeys } from './keys.ts';

const tagOf = (key: string): string => /\{(.*?)\}/.exec(key)?.[1] ?? '';

test('all keys of one session are in one slot, and no two are the same', () => {
  const keys = createKeys('heddle', 64, true);
  for (const session of ['s', mint(22), 'a{b}c', '日本']) {
    const shard = keys.shardOf(session);
    const { own, ...ofSession } = keys.of(session);
    const names = [...Object.values(ofSession), ...Object.values(keys.ofOwner(shard, 'ann'))];
    expect(names).toEqual(expect.arrayContaining([...own]));
    expect(new Set(names.map(tagOf))).toEqual(new Set([String(shard)]));
    expect(new Set(names).size).toBe(names.length);
  }
});

test('sessions are spread evenly, and every node finds them in the same place', () => {
  const keys = createKeys('heddle', 64, false);
  const counts = Array.from({ length: 64 }, () => 0);
  for (let index = 0; index < 64_000; index += 1) {
    const shard = keys.shardOf(mint(22));
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1_200);
  expect(['s', 'session', 'Xy12Ab'].map(keys.shardOf)).toEqual([2, 55, 30]);
});

test('owners that differ only in a lone surrogate have different keys', () => {
  const keys = createKeys('heddle', 64, false);
  expect(keys.ofOwner(0, '\ud800').listed).not.toBe(keys.ofOwner(0, '\ud801').listed);
});

test('one server is asked for all shards together, a Cluster for each alone; each batch has one channel', () => {
  const [server, cluster] = [createKeys('heddle', 3, false), createKeys('heddle', 3, true)];
  expect(server.batches).toEqual([[0, 1, 2]]);
  expect(server.hintsOf(server.batchOf('Xy12Ab'))).toBe('heddle:hints');
  expect(cluster.batches).toEqual([[0], [1], [2]]);
  expect(cluster.hintsOf(cluster.batchOf('Xy12Ab'))).toBe(`heddle:{${cluster.shardOf('Xy12Ab')}}:hints`);
});
