// Limits that several nodes share.
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { createServer } from 'heddle/server';
import type { Server } from 'heddle/server';
import { start } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

test('a limit over Redis holds for all nodes together, and also while Redis is down', async () => {
  const folder = temporaryFolder();
  cleanUp(folder.remove);
  const path = join(folder.path, 'redis.sock');
  const redis = start('redis-server', [
    '--port',
    '0',
    '--unixsocket',
    path,
    '--save',
    '',
    '--dir',
    folder.path,
  ]);
  cleanUp(() => redis.stop());
  await redis.waitFor(/ready to accept connections/i);

  const agent = defineAgent({ open: () => async function* () {} });
  const node = (): Server => {
    const storeClient = new Redis({ path, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    storeClient.on('error', () => {});
    cleanUp(() => storeClient.disconnect());
    const limiter = new RateLimiterRedis({ storeClient, points: 10, duration: 60 });
    const server = createServer({
      agent,
      store: memoryStore(),
      onError: () => {},
      quotas: { rates: [{ of: 'sessions', per: 'owner', limiter }] },
    });
    cleanUp(() => server.close(0));
    return server;
  };
  const nodes = [node(), node(), node()];
  const create = async (server: Server | undefined): Promise<number | undefined> =>
    (await server?.fetch(new Request('http://localhost/session', { method: 'POST' })))?.status;
  // A limiter cannot decide before its connection is open.
  const all: (number | undefined)[] = [];
  for (const server of nodes) {
    await vi.waitFor(async () => {
      const status = await create(server);
      expect(status).toBe(201);
      all.push(status);
    });
  }
  const more = await Promise.all(Array.from({ length: 30 }, (_, index) => create(nodes[index % 3])));
  expect([...all, ...more].filter((status) => status === 201)).toHaveLength(10);
  expect(more.filter((status) => status === 429)).toHaveLength(23);

  await redis.stop();
  expect(await create(nodes[0])).toBe(503);
}, 30_000);
