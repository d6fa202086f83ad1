// Several nodes over one Redis, as processes that are killed and frozen. The long runs are
// `npm run proof:kills -- --store redis`.
import { isRecord } from '../../src/protocol/internal.ts';
import { Redis } from 'ioredis';
import { check, createFaultProxy, createHistory, createRandom, followPlainly } from 'heddle/testing';
import type { FaultProxy, HistoryRecorder, Plan, ReaderRecorder } from 'heddle/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { startServerChild } from '../rig/server-child.ts';
import type { ServerChild } from '../rig/server-child.ts';
import { postSession, fetchQuietLog, send } from '../rig/http-client.ts';
import { killRound } from '../rig/rounds/kill-round.ts';
import { raceRound } from '../rig/rounds/race-round.ts';
import { lastOf } from './clients.fixture.ts';
import { prepareFailover } from './failover.fixture.ts';
import { arrive, startRedis } from '../rig/redis-server.ts';
import type { RedisServer } from '../rig/redis-server.ts';
import type { Script } from '../rig/scripted-agent.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

async function start(): Promise<RedisServer> {
  const server = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
  cleanUp(() => server.stop());
  return server;
}

async function serve(url: string, ...args: readonly string[]): Promise<ServerChild> {
  const child = await startServerChild(['--redis', url, ...args]);
  cleanUp(() => {
    child.thaw();
    return child.kill();
  });
  return child;
}

function follow(
  url: string,
  history: HistoryRecorder,
  session: string,
  name: string,
  readTimeoutMs = 10_000,
): ReaderRecorder {
  const leave = new AbortController();
  const reader = history.reader({ reader: name, session, principal: 'anonymous' });
  const done = followPlainly({
    url: `${url}/stream/${session}`,
    reader,
    signal: leave.signal,
    pauseMs: () => 10,
    readTimeoutMs,
  });
  cleanUp(() => {
    leave.abort();
    return done;
  });
  return reader;
}

function script(options: Partial<Script> = {}): string {
  return JSON.stringify({ words: 8, tool: false, end: 'well', name: 'test', ...options });
}

test('F6: a running node takes over from a node that is killed in mid-turn, and readers go on there', async () => {
  const { url } = await start();
  const [child, other] = await Promise.all([serve(url), serve(url)]);
  const random = createRandom(6);
  const round = await killRound({ child, restart: async () => other, random, withinMs: 10_000 });
  expect(round.violations).toEqual([]);
  expect(round.turns).toBeGreaterThan(0);
}, 90_000);

const ways = {
  'F9: a node that is frozen past its lease and thawed': (node: ServerChild) => {
    node.freeze();
    return () => node.thaw();
  },
  'F30: a node that is cut off from Redis for longer than its lease': (_: ServerChild, proxy: FaultProxy) => {
    proxy.plan = () => ({ refuse: true });
    proxy.reset();
    return () => {
      proxy.plan = () => ({});
    };
  },
} as const;

test.each(Object.entries(ways))(
  '%s writes nothing more in the turn that another has taken',
  async (_, hold) => {
    const { port, url } = await start();
    const proxy = await createFaultProxy({ port, plan: () => ({}), seed: 9 });
    cleanUp(() => proxy.close());
    const [first, second] = await Promise.all([
      serve(`redis://127.0.0.1:${proxy.port}`, '--pace', '20'),
      serve(url, '--pace', '20'),
    ]);
    const redis = new Redis(url);
    cleanUp(() => redis.disconnect());
    const history = createHistory();
    const session = await postSession(first.url);
    const reader = follow(second.url, history, session, 'on the second node');
    // The first node begins the turn, because the other one is frozen.
    second.freeze();
    const content = script({ words: 60 });
    expect(await send({ history, url: () => first.url, session, key: 'k', content })).toBeDefined();
    const heard = async (
      count: number,
      node: ServerChild,
      isAsked: (event: Readonly<Record<string, unknown>>) => boolean,
    ): Promise<void> =>
      vi.waitFor(
        async () => {
          const events = await eventsOf(node.url, session);
          expect(events.filter(isAsked).length).toBeGreaterThanOrEqual(count);
        },
        { interval: 20, timeout: 10_000 },
      );
    await heard(5, first, ({ type }) => type === 'content');
    second.thaw();
    const release = hold(first, proxy);
    await heard(1, second, ({ attempt }) => attempt === 2);
    const fence = await toFence(redis, session);
    release();
    // The first node would go on to speak: 60 words take 1.2 s.
    await delay(300);
    expect(await toFence(redis, session)).toEqual(fence);
    const log = await fetchQuietLog(() => second.url, session, 1, 10_000);
    history.log(log);
    await vi.waitFor(() => expect(reader.last).toBe(log.entries.at(-1)?.id), { timeout: 10_000 });
    expect(check(history.toHistory())).toEqual([]);
    // The second node said everything after the second start: its 60 words, once.
    const begun = log.entries.findIndex(({ event }) => event.type === 'message_start' && event.attempt === 2);
    const said = log.entries
      .slice(begun)
      .flatMap(({ event }) => (event.type === 'content' ? [event.data] : []));
    expect(said.join('').match(/word \d+ of 60/g)).toEqual(
      Array.from({ length: 60 }, (_, index) => `word ${index + 1} of 60`),
    );
  },
  90_000,
);

test('F13: requests that race to two or three nodes under one key have one effect, and get the same response', async () => {
  const { url } = await start();
  const nodes = await Promise.all([1, 2, 3].map(() => serve(url, '--lease', '10000')));
  const random = createRandom(13);
  for (const round of [1, 2]) {
    const { failures, kinds, turns } = await raceRound({ nodes, random: random.fork(round), races: 10 });
    expect(failures).toEqual([]);
    expect([kinds.length, turns]).toEqual([10, 9]);
  }
  // Twin: without a key each request is a message of its own.
  const unkeyed = await raceRound({ nodes, random: random.fork(1), races: 10, keyed: false });
  expect(unkeyed.turns).toBeGreaterThan(9);
  expect(unkeyed.failures.length).toBeGreaterThan(5);
}, 90_000);

test('a node whose connections to Redis are cut at any byte loses nothing and repeats nothing', async () => {
  const redis = await start();
  const plan: Plan = (connection, random) => {
    // The first connections last long enough for the nodes to start. Later commands and replies are cut
    // anywhere.
    if (connection < 4) return { up: { cut: { atByte: random.integer(20_000, 60_000), how: 'rst' } } };
    const cut = { atByte: random.integer(1_000, 40_000), how: random.pick(['rst', 'fin'] as const) };
    return random.chance(0.5) ? { up: { cut } } : { down: { cut } };
  };
  const proxy = await createFaultProxy({ port: redis.port, plan, seed: 30 });
  cleanUp(() => proxy.close());
  const nodes = await Promise.all([1, 2].map(() => serve(`redis://127.0.0.1:${proxy.port}`, '--pace', '1')));
  const history = createHistory();
  const url = (nth: number): string => nodes[nth % 2]?.url ?? '';
  const sessions = [];
  for (const nth of [0, 1]) {
    const session = await vi.waitFor(async () => {
      const created = await postSession(url(nth));
      expect(created).toMatch(/^\w{22}$/);
      return created;
    });
    sessions.push(session);
    for (const reader of [0, 1]) follow(url(reader), history, session, `${nth}.${reader}`);
  }
  const turns = 5;
  await Promise.all(
    sessions.map(async (session) => {
      for (let turn = 0; turn < turns; turn += 1) {
        const content = script({ words: 20 });
        const options = { history, url: () => url(turn), session, key: `k${turn}`, content };
        expect(await send(options)).toBeDefined();
      }
    }),
  );
  for (const session of sessions) history.log(await fetchQuietLog(() => url(0), session, turns, 40_000));
  await vi.waitFor(() => expect(check(history.toHistory())).toEqual([]), { timeout: 15_000 });
  // Twin: connections were cut.
  expect(proxy.cuts).toBeGreaterThan(5);
}, 90_000);

test('F24: after a failover that lost acknowledged writes every stream sends one resync, and goes on', async () => {
  const { url, main, replica, part, failOver, close } = await prepareFailover(await start(), await start());
  cleanUp(close);
  const nodes = await Promise.all([1, 2].map(() => serve(url, '--pace', '0')));
  const [first] = nodes;
  if (first === undefined) throw new Error('There is no node.');
  const history = createHistory();
  const session = await postSession(first.url);
  const readers = [0, 1, 0, 1].map((node, nth) =>
    follow(nodes[node]?.url ?? '', history, session, `reader ${nth}`),
  );
  const options = { history, url: () => first.url, session };
  await send({ ...options, key: 'kept', content: script() });
  const kept = await fetchQuietLog(() => first.url, session, 1, 10_000);
  await arrive(main, replica, lastOf(session));

  await part();
  // The client cannot know that this message was lost, so it goes into another history, which is not checked.
  const lost = createHistory();
  await send({ ...options, history: lost, key: 'lost', content: script() });
  const before = await fetchQuietLog(() => first.url, session, 2, 10_000);
  await vi.waitFor(
    () => {
      for (const reader of readers) expect(reader.last).toBe(before.entries.at(-1)?.id);
    },
    { timeout: 10_000 },
  );
  await failOver();
  await send({ ...options, key: 'after', content: script() });
  const log = await fetchQuietLog(() => first.url, session, 2, 20_000);
  // Twin: ids that were read before the failover now belong to other entries.
  expect(log.entries.at(kept.entries.length)?.id).not.toBe(before.entries.at(kept.entries.length)?.id);
  await vi.waitFor(
    () => {
      for (const reader of readers) expect(reader.last).toBe(log.entries.at(-1)?.id);
    },
    { timeout: 10_000 },
  );
  const streams = history
    .toHistory()
    .readers.map(({ connections }) => connections.flatMap(({ received }) => received));
  for (const received of streams) {
    expect(received.filter(({ event }) => event.type === 'resync')).toHaveLength(1);
    const after = received.slice(received.findIndex(({ event }) => event.type === 'resync') + 1);
    // After the resync, the reader receives the surviving log without a gap to its end.
    const ids = after.map(({ id }) => id);
    expect(ids).toEqual(log.entries.slice(log.entries.length - ids.length).map(({ id }) => id));
  }
}, 90_000);

test('F26 F27: while Redis is frozen or full, messages are refused with 503, and streams stay open and go on', async () => {
  const redis = await start();
  const node = await serve(redis.url, '--pace', '0');
  const history = createHistory();
  const session = await postSession(node.url);
  // The reader gives up after 2.5 s of silence. A keepalive comes every 300 ms.
  const reader = follow(node.url, history, session, 'reader', 2_500);
  const options = { history, url: () => node.url, session, content: script() };
  await send({ ...options, key: 'before' });
  await fetchQuietLog(() => node.url, session, 1, 10_000);

  redis.freeze();
  const frozen = await post(node.url, session);
  expect(frozen.ms).toBeLessThan(2_000);
  expect([frozen.status, frozen.code]).toEqual([503, 'unavailable']);
  await delay(1_500);
  redis.thaw();
  await send({ ...options, key: 'between' });
  await fetchQuietLog(() => node.url, session, 2, 10_000);

  await redis.command('CONFIG', 'SET', 'maxmemory', '1');
  const full = await post(node.url, session);
  expect([full.status, full.code]).toEqual([503, 'storage_full']);
  expect((await eventsOf(node.url, session)).length).toBeGreaterThan(10);
  await redis.command('CONFIG', 'SET', 'maxmemory', '0');
  await send({ ...options, key: 'after' });

  const log = await fetchQuietLog(() => node.url, session, 3, 10_000);
  history.log(log);
  await vi.waitFor(() => expect(reader.last).toBe(log.entries.at(-1)?.id), { timeout: 10_000 });
  expect(check(history.toHistory())).toEqual([]);
  expect(history.toHistory().readers[0]?.connections).toHaveLength(1);
}, 60_000);

/** Sends a message once, without a key. */
async function post(
  url: string,
  session: string,
): Promise<{ readonly status: number; readonly code: unknown; readonly ms: number }> {
  const started = performance.now();
  const response = await fetch(`${url}/message/${session}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"content":"not taken"}',
  });
  const body: unknown = await response.json();
  return {
    status: response.status,
    code: isRecord(body) && body['code'],
    ms: performance.now() - started,
  };
}

async function eventsOf(url: string, session: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const body: unknown = await (await fetch(`${url}/events/${session}`)).json();
  const entries = isRecord(body) && Array.isArray(body['entries']) ? body['entries'] : [];
  return entries.map((entry: unknown) => (isRecord(entry) && isRecord(entry['event']) ? entry['event'] : {}));
}

/** Returns the epoch and nonce of a session's lease. */
async function toFence(redis: Redis, session: string): Promise<readonly unknown[]> {
  const [key = ''] = await redis.keys(`*:session:${session}`);
  return redis.hmget(key, 'epoch', 'nonce');
}
