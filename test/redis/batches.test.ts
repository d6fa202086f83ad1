// Appends that go out together: each is decided on its own, and one message has their hints.
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { redisStore } from 'heddle/redis';
import type { RedisStore, RedisStoreOptions } from 'heddle/redis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { mint } from '../../src/protocol/internal.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { toContractText, toNextHead } from '../../src/store/contract-check.ts';
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

async function open(options: RedisStoreOptions): Promise<RedisStore> {
  const client = clients.redis(server.url);
  const store = await redisStore(client, { onWarning: () => {}, pollMs: 60_000, ...options });
  cleanUp(() => store.close());
  return store;
}

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const creation = { head: { was: 0, now: toNextHead() } };
const appendsOf = (store: RedisStore): number => store.counts().sent.get('append') ?? 0;

async function lengthOf({ log }: RedisStore, session: string): Promise<number> {
  const page = await log.read(session, undefined, 99);
  return page.type === 'page' ? page.entries.length : NaN;
}

test('appends of one turn of the event loop are one call, and none touches the others', async () => {
  const prefix = mint(8);
  const { log, ...store } = await open({ prefix });
  const { leases, counts } = store;
  await Promise.all(names.map((name) => log.append(name, [], creation)));
  const fence = await leases.claim('c', 'node', 10_000);
  if (fence === undefined) throw new Error('A free session could not be claimed.');
  // The data of one session is damaged.
  await admin.set(createKeys(prefix, 64, false).of('d').log, 'not a stream');

  const before = counts().sent.get('append') ?? 0;
  const say = (session: string, options: Parameters<typeof log.append>[2] = {}) =>
    log.append(session, [toContractText(session)], options).then(
      (receipt) => (receipt.type === 'appended' ? receipt.type : receipt.reason),
      (error: unknown) => String(Reflect.get(Object(error), 'code')),
    );
  const all = await Promise.all([
    say('a'),
    say('never'),
    say('b', { head: { was: 7, now: toNextHead() } }),
    say('c', { fence: { ...fence, n: 1 } }),
    say('c', { fence: { ...fence, n: 2 }, key: { id: 'k', digest: 'd' } }),
    say('c', { fence: { ...fence, n: 4 } }),
    say('d'),
    say('e', { key: { id: 'k', digest: 'd' } }),
    say('e', { key: { id: 'k', digest: 'd' } }),
    say('f', { head: { was: 1, now: toNextHead() } }),
    say('f', { head: { was: 1, now: toNextHead() } }),
  ]);
  expect(all).toEqual([
    'appended',
    'missing',
    'conflict',
    'appended',
    'appended',
    'fenced',
    'unavailable',
    'appended',
    'duplicate',
    'appended',
    'conflict',
  ]);
  expect((counts().sent.get('append') ?? 0) - before).toBe(1);
  const lengths = await Promise.all(
    ['a', 'b', 'c', 'e', 'f'].map(async (name) => {
      const page = await log.read(name, undefined, 99);
      return page.type === 'page' && page.entries.length;
    }),
  );
  expect(lengths).toEqual([1, 0, 2, 1, 1]);
});

test('more appends than one call takes are several calls, in their order', async () => {
  const store = await open({ prefix: mint(8) });
  await store.log.append('s', [], creation);
  const before = appendsOf(store);
  const words = Array.from({ length: 250 }, (_, index) => `${index}`);
  await Promise.all(words.map((word) => store.log.append('s', [toContractText(word)])));
  expect(appendsOf(store) - before).toBe(3);
  const page = await store.log.read('s', undefined, 999);
  const texts = page.type === 'page' ? page.entries.map(({ event }) => Reflect.get(event, 'data')) : [];
  expect(texts).toEqual(words);
});

test('a server that has forgotten the script makes each append once', async () => {
  const store = await open({ prefix: mint(8) });
  await Promise.all(names.map((name) => store.log.append(name, [], creation)));
  await admin.script('FLUSH');
  await Promise.all(names.map((name) => store.log.append(name, [toContractText(name)])));
  for (const name of names) expect(await lengthOf(store, name)).toBe(1);
});

test('a full server refuses all appends of a call, and a later call is none the worse', async () => {
  const store = await open({ prefix: mint(8) });
  await Promise.all(names.map((name) => store.log.append(name, [], creation)));
  await admin.config('SET', 'maxmemory', '1');
  const refused = await Promise.allSettled(
    names.map((name) => store.log.append(name, [toContractText(name)])),
  );
  await admin.config('SET', 'maxmemory', '0');
  expect(refused.map((each) => each.status === 'rejected' && each.reason.code)).toEqual(
    names.map(() => 'storage_full'),
  );
  for (const name of names) expect(await lengthOf(store, name)).toBe(0);
  await Promise.all(names.map((name) => store.log.append(name, [toContractText(name)])));
  for (const name of names) expect(await lengthOf(store, name)).toBe(1);
});

test('appends without an answer reject, and what they did is found by their keys', async () => {
  const store = await open({ prefix: mint(8), commandMs: 200 });
  await Promise.all(names.map((name) => store.log.append(name, [], creation)));
  const say = (name: string) =>
    store.log.append(name, [toContractText(name)], { key: { id: 'k', digest: 'd' } });
  server.freeze();
  const lost = await Promise.allSettled(names.map(say));
  server.thaw();
  expect(lost.map((each) => each.status === 'rejected' && each.reason.code)).toEqual(
    names.map(() => 'unavailable'),
  );
  await vi.waitFor(async () => {
    for (const name of names) expect((await say(name)).type).toBe('refused');
  });
  for (const name of names) expect(await lengthOf(store, name)).toBe(1);
});

test('a call with text and a message: only the message waits for replicas', async () => {
  // There are none.
  const store = await open({ prefix: mint(8), wait: { replicas: 1, timeoutMs: 50 } });
  await Promise.allSettled(names.map((name) => store.log.append(name, [], creation)));
  const [text, message, other] = await Promise.allSettled([
    store.log.append('a', [toContractText('a')]),
    store.log.append('b', [toContractText('b')], { head: { was: 1, now: toNextHead() } }),
    store.log.append('c', [toContractText('c')], { head: { was: 9, now: toNextHead() } }),
  ]);
  expect(text.status).toBe('fulfilled');
  expect(message.status === 'rejected' && message.reason.code).toBe('unavailable');
  expect(other.status).toBe('rejected');
});

test('one message has the hints of a call, a line for each', async () => {
  const prefix = mint(8);
  const channel = createKeys(prefix, 64, false).hintsOf(0);
  const [writer, reader] = [await open({ prefix }), await open({ prefix })];
  await Promise.all(names.map((name) => writer.log.append(name, [], creation)));
  const woken = new Map<string, (number | undefined)[]>();
  for (const name of names)
    cleanUp(reader.log.watch(name, (version) => woken.set(name, [...(woken.get(name) ?? []), version])));
  await vi.waitFor(async () => expect(await admin.pubsub('NUMSUB', channel)).toEqual([channel, 1]));

  const heard: string[][] = [];
  const ear = new Redis(server.url);
  cleanUp(() => ear.disconnect());
  await ear.psubscribe(`${prefix}:*`);
  ear.on('pmessage', (_, ...message: string[]) => heard.push(message));
  const say = () => Promise.all(names.map((name) => writer.log.append(name, [toContractText(name)])));
  const [first] = await Promise.all([say(), vi.waitFor(() => expect(woken.size).toBe(names.length))]);
  expect(first.map(({ type }) => type)).toEqual(names.map(() => 'appended'));
  expect([...woken.values()]).toEqual(names.map(() => [1]));
  await vi.waitFor(() => expect(heard).toEqual([[channel, names.map((name) => `1 ${name}`).join('\n')]]));
});

test('after the last watch the node listens to no channel, and a later watch is told again', async () => {
  const prefix = mint(8);
  const store = await open({ prefix });
  const channels = async () =>
    (await admin.pubsub('CHANNELS')).filter((name) => String(name).startsWith(prefix));
  await store.log.append('s', [], creation);
  for (let round = 0; round < 3; round += 1) {
    const stop = store.log.watch('s', () => {});
    await vi.waitFor(async () => expect(await channels()).toHaveLength(1));
    stop();
    await vi.waitFor(async () => expect(await channels()).toEqual([]));
  }
  // Many changes at once end as the last one wants it.
  for (let round = 0; round < 5; round += 1) {
    store.log.watch('s', () => {})();
    await delay(0);
  }
  const wake = vi.fn<() => void>();
  cleanUp(store.log.watch('s', wake));
  await vi.waitFor(async () => expect(await channels()).toHaveLength(1));
  wake.mockClear();
  await store.log.append('s', [toContractText('a')]);
  await vi.waitFor(() => expect(wake).toHaveBeenCalled());
});
