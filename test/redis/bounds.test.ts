// The cost of a call to Redis does not grow with the size of the store or the age of a session. Costs are
// counted in commands, those within scripts too, and in bytes sent.
import { Redis } from 'ioredis';
import { redisStore } from 'heddle/redis';
import type { RedisStore } from 'heddle/redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mint } from '../../src/protocol/internal.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { toContractState, toContractText, toNextHead } from '../../src/store/contract-check.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { startRedis } from '../rig/redis-server.ts';
import type { RedisServer } from '../rig/redis-server.ts';
import { clients } from './clients.fixture.ts';

const cleanUp = createCleanUp();
let server: RedisServer;
let admin: Redis;
beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

async function open(prefix: string): Promise<RedisStore> {
  const store = await redisStore(clients.redis(server.url), { prefix, onWarning: () => {} });
  cleanUp(() => store.close());
  return store;
}

interface Costs {
  readonly commands: number;
  readonly kilobytes: number;
}

/** Counts what a call makes the server do. */
async function count(call: () => Promise<unknown>): Promise<Costs> {
  const before = await look();
  await call();
  const after = await look();
  return {
    commands: after.commands - before.commands,
    kilobytes: (after.bytes - before.bytes - after.own) / 1_024,
  };
}

async function look(): Promise<{ readonly commands: number; readonly bytes: number; readonly own: number }> {
  const stats = await admin.info('stats');
  const commands = await admin.info('commandstats');
  return {
    bytes: Number(/total_net_output_bytes:(\d+)/.exec(stats)?.[1]),
    own: stats.length + commands.length,
    commands: [...commands.matchAll(/calls=(\d+)/g)].reduce((sum, [, calls]) => sum + Number(calls), 0),
  };
}

/** Writes many sessions that were active, and are due, at the same time, as quickly as Redis can. */
async function fillIndex(prefix: string, sessions: readonly string[]): Promise<void> {
  const keys = createKeys(prefix, 64, false);
  const head = JSON.stringify({ ...toNextHead({ activeAt: 7, dueAt: 7 }), version: 1 });
  const pipeline = admin.pipeline();
  for (const session of sessions) {
    const { session: hash, work, held } = keys.of(session);
    const { listed, work: ownWork } = keys.ofOwner(keys.shardOf(session), 'owner');
    pipeline.hset(hash, 'version', '1', 'head', head, 'dueAt', '7', 'last', '0');
    pipeline.zadd(held, Date.now() + 50_000, session);
    for (const set of [listed, work, ownWork]) pipeline.zadd(set, 7, session);
  }
  await pipeline.exec();
}

test('a page of a list, and of the due sessions, costs the same among many that are equally old', async () => {
  const prefix = mint(8);
  const store = await open(prefix);
  const sessions = Array.from({ length: 20_000 }, () => mint(22))
    .toSorted()
    .toReversed();
  await fillIndex(prefix, sessions);

  const limit = 50;
  const found: string[] = [];
  for (let page = 0; page < 4; page += 1) {
    const session = found.at(-1);
    const before = session === undefined ? undefined : { before: { activeAt: 7, session } };
    const costs = await count(async () => {
      const listed = await store.sessions.list('owner', { limit, ...before });
      found.push(...listed.map((each) => each.session));
    });
    // One look at each shard, with a search in each after the first page, and the heads of the page.
    expect(costs.commands).toBeLessThan(64 * 12 + limit + 50);
    expect(costs.kilobytes).toBeLessThan(50);
  }
  expect(found).toEqual(sessions.slice(0, 4 * limit));

  for (const owner of [{ owner: 'owner' }, {}]) {
    const costs = await count(async () =>
      expect(await store.sessions.due({ limit: 5, ...owner })).toHaveLength(5),
    );
    expect(costs.commands).toBeLessThan(64 + 50);
    expect(costs.kilobytes).toBeLessThan(30);
  }
  const costs = await count(() => store.leases.due(100));
  expect(costs.commands).toBeLessThan(64 * 3 + 50);
  expect(costs.kilobytes).toBeLessThan(10);
});

test('a walk through a long list finds each session once, also while sessions are dropped and move', async () => {
  const store = await open(mint(8));
  const made: string[] = [];
  for (let index = 0; index < 600; index += 1) {
    const session = mint(22);
    const now = toNextHead({ activeAt: index % 7 });
    await store.log.append(session, [], { head: { was: 0, now } });
    made.push(session);
  }
  const found: string[] = [];
  const lost = new Set<string>();
  for (let page = await store.sessions.list('owner', { limit: 37 }); page.length > 0;) {
    found.push(...page.map(({ session }) => session));
    const last = page.at(-1);
    const before = { activeAt: last?.head.activeAt ?? 0, session: last?.session ?? '' };
    // The session that the page ends with is dropped, and the first one of the page is active again.
    await store.log.drop(before.session);
    const again = page[0]?.session ?? '';
    await store.log.append(again, [], { head: { was: 1, now: toNextHead({ activeAt: 9 }) } });
    lost.add(before.session);
    page = await store.sessions.list('owner', { limit: 37, before });
  }
  expect(found.toSorted()).toEqual(made.toSorted());
  expect(await store.sessions.list('owner', { limit: 1_000 })).toHaveLength(made.length - lost.size);
});

test('a trim costs what it trims, for any number of keys that were used before', async () => {
  const store = await open(mint(8));
  await store.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  const say = async (id: string): Promise<string> => {
    const said = await store.log.append('s', [toContractText(id)], { key: { id, digest: 'd' } });
    return said.type === 'appended' ? (said.entries[0]?.id ?? '') : said.reason;
  };
  const trim = (last: string): Promise<void> => store.log.trim('s', last, toContractState('s'));
  const sayMany = async (of: string, many: number): Promise<string> => {
    const ids = Array.from({ length: many }, (_, index) => `${of}${index}`);
    return (await Promise.all(ids.map(say))).at(-1) ?? '';
  };
  // More than one call of the script copies.
  const first = await sayMany('a', 1_200);
  await sayMany('b', 10);
  await trim(first);
  const costs = await count(async () => trim(await say('c')));
  expect(costs.commands).toBeLessThan(70);
  for (const id of ['a0', 'a499', 'a500', 'a1199', 'b0', 'b9', 'c']) expect(await say(id)).toBe('duplicate');
});

test('a log of many entries is trimmed in slices', async () => {
  const prefix = mint(8);
  const store = await open(prefix);
  await store.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  const words = Array.from({ length: 1_000 }, () => toContractText('a'));
  let last = '';
  for (let index = 0; index < 120; index += 1) {
    const said = await store.log.append('s', words);
    last = said.type === 'appended' ? (said.entries.at(-2)?.id ?? '') : '';
  }
  await store.log.trim('s', last, toContractState('s'));
  expect(store.counts().sent.get('XTRIM')).toBe(2);
  expect(await admin.xlen(createKeys(prefix, 64, false).of('s').log)).toBe(1);
  const page = await store.log.read('s', undefined, 9);
  expect(page.type === 'page' && page.entries.length).toBe(1);
});
