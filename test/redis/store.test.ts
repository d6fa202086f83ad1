import { mint } from '../../src/protocol/internal.ts';

// The contract of all stores, over a real Redis and with both clients.
import { redisStore } from 'heddle/redis';
import { storeContract } from 'heddle/store';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { startRedis } from '../rig/redis-server.ts';
import type { RedisServer } from '../rig/redis-server.ts';
import { clients } from './clients.fixture.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
});
afterAll(() => server.stop());

describe.each(Object.entries(clients))('%s', (_, toClient) => {
  for (const { name, run } of storeContract) {
    test(name, () => run((now) => redisStore(toClient(server.url), { prefix: mint(8), now })));
  }
});
