// A store leaves nothing in Redis after its sessions. A word costs few commands.
import { Redis } from 'ioredis';
import { mint } from '../../src/protocol/internal.ts';
import { createClient } from 'redis';
import { follow } from 'heddle/log';
import type { Store } from 'heddle/log';
import { fromIoredis, fromNodeRedis, redisStore } from 'heddle/redis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRedis } from '../rig/redis-server.ts';
import type { RedisServer } from '../rig/redis-server.ts';
import { toNextHead, toContractState, toContractText } from '../../src/store/contract-check.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { clients } from './clients.fixture.ts';

let server: RedisServer;
let admin: Redis;
beforeAll(async () => {
  server = await startRedis({ appendonly: 'yes' });
  admin = new Redis(server.url);
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

async function keysOf(prefix: string): Promise<readonly string[]> {
  return (await admin.keys(`${prefix}:*`)).filter((key) => !key.endsWith(':layout')).toSorted();
}

/** Creates a session with everything a session can have. */
async function fill({ log, leases, snapshots, checkpoints }: Store, session: string): Promise<void> {
  await log.append(session, [toContractText('a')], {
    head: { was: 0, now: toNextHead({ dueAt: 0 }) },
    key: { id: 'k', digest: 'd' },
  });
  const fence = await leases.claim(session, 'node', 10_000);
  if (fence === undefined) throw new Error('A free session could not be claimed.');
  const said = await log.append(session, [toContractText('b'), toContractText('c')], {
    fence: { ...fence, n: 1 },
  });
  await log.append(session, [], { key: { id: 'another', digest: 'd' } });
  await log.trim(session, (said.type === 'appended' && said.entries[0]?.id) || '', toContractState(session));
  await snapshots.save(session, 'name', 'data');
  const pages = new Map([[0, '[]']]);
  await checkpoints.save(session, { was: undefined, tag: 'tag', record: '{}', count: 1, pages });
}

test.each(Object.entries(clients))(
  '%s: after churn no key, connection or subscription is left',
  async (_, toClient) => {
    const prefix = mint(8);
    const before = await toFigures();
    const store = await redisStore(toClient(server.url), { prefix, tombstoneMs: 100 });
    expect((await toFigures()).connections).toBe(before.connections + 2);
    const abort = new AbortController();
    const sessions = Array.from({ length: 40 }, (_, index) => `s${index}`);
    await Promise.all(sessions.map((session) => fill(store, session)));
    const following = sessions.map(async (session) => {
      for await (const page of follow(store.log, session, { signal: abort.signal })) {
        if (page.type === 'page') continue;
      }
    });
    await vi.waitFor(async () => expect((await toFigures()).channels).toBe(before.channels + 1));
    expect((await toFigures()).connections).toBe(before.connections + 2);
    for (let index = 0; index < 40; index += 2)
      await vi.waitFor(async () => {
        await store.log.drop(`s${index}`);
        expect(await store.log.read(`s${index}`, undefined, 0)).toEqual({ type: 'missing' });
      });
    abort.abort();
    await Promise.all(following);
    await vi.waitFor(async () => expect((await toFigures()).channels).toBe(before.channels));
    for (let index = 1; index < 40; index += 2) await store.log.drop(`s${index}`);
    await vi.waitFor(async () => expect(await keysOf(prefix)).toEqual([]));
    await store.close();
    await vi.waitFor(async () => expect(await toFigures()).toEqual(before));
  },
);

test('all keys of a session expire together, and an append postpones that', async () => {
  const prefix = mint(8);
  const store = await redisStore(clients.ioredis(server.url), { prefix, expireMs: 1_000 });
  await fill(store, 's');
  const keys = await keysOf(prefix);
  const ofSession = keys.filter((key) => key.endsWith(':s'));
  expect(ofSession).toHaveLength(7);
  const times = new Set(await Promise.all(ofSession.map((key) => admin.pexpiretime(key))));
  const [first = 0] = times;
  for (const time of times) expect(Math.abs(time - first)).toBeLessThan(3);
  await vi.waitFor(async () => {
    await store.log.append('s', [toContractText('again')]);
    for (const key of ofSession) expect(await admin.pexpiretime(key)).toBeGreaterThan(first);
  });
  expect(await store.sessions.list('owner', { limit: 9 })).toHaveLength(1);
  // An expired session leaves the indexes when it is read.
  await vi.waitFor(async () => expect(await store.log.read('s', undefined, 9)).toEqual({ type: 'missing' }), {
    timeout: 5_000,
  });
  expect(await store.sessions.list('owner', { limit: 9 })).toEqual([]);
  for (const session of await store.leases.due(9)) await store.leases.claim(session, 'node', 1_000);
  await vi.waitFor(
    async () => {
      for (const session of await store.leases.due(9)) await store.leases.claim(session, 'node', 1_000);
      expect(await store.sessions.due({ limit: 9 })).toEqual([]);
      expect(await store.sessions.due({ limit: 9, owner: 'owner' })).toEqual([]);
      expect((await keysOf(prefix)).filter((key) => !key.endsWith(':held'))).toEqual([]);
    },
    { timeout: 5_000 },
  );
  await store.close();
});

test('a session is kept once a store without an expiry has written to it', async () => {
  const prefix = mint(8);
  const expiring = await redisStore(clients.redis(server.url), { prefix, expireMs: 1_000 });
  await fill(expiring, 's');
  await expiring.close();
  const store = await redisStore(clients.redis(server.url), { prefix });
  await store.log.append('s', [toContractText('a')]);
  await store.log.append('s', [], { head: { was: 1, now: toNextHead() } });
  for (const key of await keysOf(prefix)) expect([key, await admin.pttl(key)]).toEqual([key, -1]);
  await store.close();
});

test('a missing or damaged entry is reported, and never skipped', async () => {
  const prefix = mint(8);
  const store = await redisStore(clients.redis(server.url), { prefix });
  await fill(store, 's');
  const keyOf = (kind: string): string => `${prefix}:{${keys.shardOf('s')}}:${kind}:s`;
  const keys = createKeys(prefix, 64, false);
  await admin.xadd(keyOf('log'), '4-0', 'tag', 'AAAAAA', 'at', '0', 'event', '{"type":"content"}');
  await admin.hset(keyOf('session'), 'last', '4');
  await expect(store.log.read('s', undefined, 9)).rejects.toThrow('entry 4 is not an event');
  await admin.del(keyOf('log'));
  await expect(store.log.read('s', undefined, 9)).rejects.toThrow('entry 3 is missing');
  await admin.hset(keyOf('session'), 'head', '{');
  await expect(store.log.read('s', undefined, 0)).rejects.toThrow('the head is not JSON');
  await store.close();
});

test('a word costs one command on the node that writes it, and one on each node that reads it', async () => {
  const prefix = mint(8);
  const options = { prefix, pollMs: 60_000 };
  const [writer, reader] = [
    await redisStore(fromNodeRedis(createClient({ url: server.url, name: 'writer' })), options),
    await redisStore(fromIoredis(new Redis(server.url, { lazyConnect: true })), options),
  ];
  await fill(writer, 's');
  const abort = new AbortController();
  const texts: string[][] = [[], [], []];
  const following = texts.map(async (mine) => {
    for await (const page of follow(reader.log, 's', { signal: abort.signal })) {
      if (page.type === 'page')
        for (const { event } of page.entries) mine.push(event.type === 'content' ? event.data : '');
    }
  });
  const words = Array.from({ length: 50 }, (_, index) => `word ${index}`);
  await writer.log.append('s', [toContractText('first')]);
  await vi.waitFor(() => expect(texts[2]?.at(-1)).toBe('first'));
  const before = await toCommands();
  for (const [index, word] of words.entries()) {
    await writer.log.append('s', [toContractText(word)]);
    await vi.waitFor(
      () => expect(texts.map((mine) => mine.length)).toEqual([index + 3, index + 3, index + 3]),
      { interval: 1 },
    );
  }
  const after = await toCommands();
  // Three readers on one node send one command.
  expect((after.evalsha - before.evalsha) / words.length).toBeLessThan(2.2);
  // Commands inside of scripts are counted too. An append is a look, a time, an entry, the new state, a hint
  // and a look at the listeners. A read is a look and a range.
  expect((after.all - before.all) / words.length).toBeLessThan(11);
  abort.abort();
  await Promise.all(following);
  await Promise.all([writer.close(), reader.close()]);
});

async function toFigures(): Promise<{ readonly connections: number; readonly channels: number }> {
  const info = await admin.info('clients');
  const connections = Number(/connected_clients:(\d+)/.exec(info)?.[1]);
  return { connections, channels: (await admin.pubsub('CHANNELS')).length };
}

/** Returns how many commands the server has run, including those within scripts. */
async function toCommands(): Promise<{ readonly all: number; readonly evalsha: number }> {
  const info = await admin.info('commandstats');
  const counts = [...info.matchAll(/cmdstat_([\w|]+):calls=(\d+)/g)].filter(([, name]) => name !== 'info');
  return {
    all: counts.reduce((sum, [, , calls]) => sum + Number(calls), 0),
    evalsha: Number(counts.find(([, name]) => name === 'evalsha')?.[2] ?? 0),
  };
}
