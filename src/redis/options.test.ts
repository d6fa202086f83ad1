import { expect, test } from 'vitest';
import type { RedisClient } from './index.ts';
import { fromIoredis, fromNodeRedis, redisStore } from './index.ts';

const client: RedisClient = {
  isCluster: false,
  open: () => {
    throw new Error('It connects.');
  },
};

test.each([
  ['expireMs', [Number.NaN, 0, 999, 1_000.5, -1, '1000']],
  ['tombstoneMs', [Number.NaN, 0, -1, '1000']],
  ['pollMs', [Number.NaN, 0, Infinity, 2 ** 31]],
  ['commandMs', [Number.NaN, 0, Infinity, 2 ** 31]],
  ['connectMs', [Number.NaN, 0, Infinity, 2 ** 31]],
  ['wait.replicas', [Number.NaN, -1, 0.5, Infinity]],
  // With 0, WAIT would never end.
  ['wait.timeoutMs', [Number.NaN, 0, -1, Infinity]],
])('a nonsensical %s is refused before anything connects', async (path, values) => {
  for (const value of values) {
    const [of = '', name] = path.split('.');
    const wait = { replicas: 1, timeoutMs: 100 };
    const options = { wait, [of]: name === undefined ? value : { ...wait, [name]: value } };
    await expect(redisStore(client, options)).rejects.toThrow(`${path}: `);
  }
});

test('Infinity means that sessions and names never expire', async () => {
  await expect(redisStore(client, { expireMs: Infinity, tombstoneMs: Infinity })).rejects.toThrow(
    'It connects.',
  );
});

test.each([Number.NaN, 0, Infinity, 2 ** 31])('a silenceMs of %s is refused', (silenceMs) => {
  const any = Object({});
  for (const adapt of [fromIoredis, fromNodeRedis])
    expect(() => adapt(any, { silenceMs })).toThrow('silenceMs: ');
});
