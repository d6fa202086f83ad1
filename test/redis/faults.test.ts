// Rows of the fault matrix over a real Redis that is killed, frozen, full, or cut off. The long runs are
// `npm run proof:kills -- --store redis`.
import { RefusalError } from 'heddle';
import { follow } from 'heddle/log';
import type { Store } from 'heddle/log';
import { redisStore } from 'heddle/redis';
import type { RedisClient, RedisStore, RedisStoreOptions } from 'heddle/redis';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { createFaultProxy } from 'heddle/testing';
import { arrive, replicate, startRedis } from '../rig/redis-server.ts';
import type { RedisServer } from '../rig/redis-server.ts';
import { toNextHead, toContractText } from '../../src/store/contract-check.ts';
import { clients, lastOf } from './clients.fixture.ts';
import { prepareFailover } from './failover.fixture.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

async function start(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const server = await startRedis({ appendonly: 'yes', appendfsync: 'everysec', ...settings });
  cleanUp(() => server.stop());
  return server;
}

async function open(client: RedisClient, options: RedisStoreOptions = {}): Promise<RedisStore> {
  const store = await redisStore(client, options);
  cleanUp(() => store.close());
  return store;
}

/** Creates the session `s`. */
async function create({ log }: Store): Promise<void> {
  const made = await log.append('s', [{ type: 'session_start', session: 's' }], {
    head: { was: 0, now: toNextHead() },
  });
  expect(made.type).toBe('appended');
}

/** Follows the session `s`, and collects what it returns. */
function collect(store: Store): {
  readonly ids: string[];
  readonly told: string[];
  readonly texts: string[];
} {
  const seen = { ids: [] as string[], told: [] as string[], texts: [] as string[] };
  const abort = new AbortController();
  cleanUp(() => abort.abort());
  const run = async (after?: string): Promise<void> => {
    for await (const page of follow(store.log, 's', { after, signal: abort.signal })) {
      if (page.type !== 'page') {
        seen.told.push(page.type === 'gone' ? page.reason : page.type);
        continue;
      }
      for (const { id, event } of page.entries) {
        seen.ids.push(id);
        if (event.type === 'content') seen.texts.push(event.data);
      }
    }
  };
  run().catch((error: unknown) => seen.told.push(String(error)));
  return seen;
}

/** Returns the code of a refused call, and its duration in milliseconds. */
async function refused(call: Promise<unknown>): Promise<{ readonly code: string; readonly ms: number }> {
  const started = performance.now();
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return {
    code: error instanceof RefusalError ? error.code : String(error),
    ms: performance.now() - started,
  };
}

const calls: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  append: ({ log }) => log.append('s', [toContractText('meanwhile')]),
  read: ({ log }) => log.read('s', undefined, 1),
  trim: ({ log }) => log.trim('s', '1-AAAAAA', { session: 's', messages: [], approvals: [] }),
  drop: ({ log }) => log.drop('s'),
  claim: ({ leases }) => leases.claim('s', 'node', 1_000),
  due: ({ leases }) => leases.due(1),
  list: ({ sessions }) => sessions.list('owner', { limit: 1 }),
  save: ({ snapshots }) => snapshots.save('s', 'name', 'data'),
  load: ({ snapshots }) => snapshots.load('s', 'name'),
  check: async ({ check }) => check?.(),
};

describe.each(Object.entries(clients))('%s', (_, toClient) => {
  test('F23: a Redis that is killed and started again has lost nothing; meanwhile calls are refused at once and readers stay', async () => {
    const server = await start();
    const options = { pollMs: 60_000 };
    const [writer, reader] = [
      await open(toClient(server.url), options),
      await open(toClient(server.url), options),
    ];
    await create(writer);
    const seen = collect(reader);
    for (const text of ['a', 'b', 'c']) await writer.log.append('s', [toContractText(text)]);
    await vi.waitFor(() => expect(seen.texts).toEqual(['a', 'b', 'c']));

    await server.kill();
    await delay(50);
    for (const [name, call] of Object.entries(calls)) {
      const { code, ms } = await refused(call(writer));
      expect([name, code]).toEqual([name, 'unavailable']);
      expect(ms).toBeLessThan(2_000);
    }
    await server.restart();
    await vi.waitFor(() => writer.log.append('s', [toContractText('d')]), { timeout: 15_000, interval: 50 });
    // The store waits at most 1.2 s between two tries. Redis refuses commands while it loads its file.
    await vi.waitFor(() => expect(seen.texts).toEqual(['a', 'b', 'c', 'd']), { timeout: 15_000 });
    // Hints arrive again. The poll alone would take a minute.
    await vi.waitFor(async () => expect(await server.command('PUBSUB', 'CHANNELS')).toContain('hints'), {
      timeout: 15_000,
      interval: 20,
    });
    await writer.log.append('s', [toContractText('e')]);
    await vi.waitFor(() => expect(seen.texts.at(-1)).toBe('e'), { timeout: 15_000 });
    expect(seen.told).toEqual([]);
  }, 60_000);

  test('F26: while Redis is frozen calls are refused in time and few are queued, and then everything goes on', async () => {
    const server = await start();
    const [writer, reader] = [
      await open(toClient(server.url, { silenceMs: 300 }), { commandMs: 150 }),
      await open(toClient(server.url, { silenceMs: 300 }), { commandMs: 150 }),
    ];
    await create(writer);
    const seen = collect(reader);
    await writer.log.append('s', [toContractText('a')]);
    await vi.waitFor(() => expect(seen.texts).toEqual(['a']));

    server.freeze();
    const codes = new Set<string>();
    // Longer than the store takes to close its connections and to try new ones.
    const until = performance.now() + 1_300;
    let asked = 0;
    while (performance.now() < until) {
      const { code, ms } = await refused(writer.log.append('s', [toContractText('meanwhile')]));
      codes.add(code);
      expect(ms).toBeLessThan(500);
      asked += 1;
      await delay(2);
    }
    expect([...codes]).toEqual(['unavailable']);
    expect(asked).toBeGreaterThan(50);
    server.thaw();
    await vi.waitFor(() => writer.log.append('s', [toContractText('z')]), { timeout: 5_000, interval: 50 });
    await vi.waitFor(() => expect(seen.texts.at(-1)).toBe('z'), { timeout: 2_500 });
    // Redis may have run commands that were sent before the store noticed the freeze. No caller was told that
    // they succeeded.
    expect(seen.texts.length).toBeLessThan(5);
    expect(seen.told).toEqual([]);
  });

  test('F27: a full Redis refuses calls that need room, can still be read, and can be emptied', async () => {
    const server = await start();
    const store = await open(toClient(server.url));
    await create(store);
    const fence = await store.leases.claim('s', 'node', 10_000);
    if (fence === undefined) throw new Error('A free session could not be claimed.');
    const said = await store.log.append('s', [toContractText('x'.repeat(100_000))], {
      key: { id: 'k', digest: 'd' },
    });
    const id = said.type === 'appended' ? (said.entries[0]?.id ?? '') : '';
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    for (const name of ['append', 'save', 'check']) {
      const { code } = await refused(calls[name]?.(store) ?? Promise.resolve());
      expect([name, code]).toEqual([name, 'storage_full']);
    }
    expect(await store.log.read('s', undefined, 9)).toMatchObject({ type: 'page', entries: [{}, {}] });
    expect(await store.leases.renew(fence, 10_000)).toBe(true);
    await store.log.trim('s', id, { session: 's', messages: [], approvals: [] });
    expect(await store.leases.release(fence)).toBe(true);
    await store.log.drop('s');
    expect(await store.log.read('s', undefined, 9)).toEqual({ type: 'missing' });
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    await store.check?.();
    expect(
      await store.log.append('s', [toContractText('late')], { head: { was: 0, now: toNextHead() } }),
    ).toMatchObject({
      reason: 'missing',
    });
  });

  test('F29: a reader whose hints are lost is late by at most the poll interval', async () => {
    const server = await start();
    const deaf: RedisClient = {
      isCluster: false,
      open: (events) => toClient(server.url).open({ ...events, onMessage: () => {} }),
    };
    const pollMs = 1_000;
    const [writer, reader] = [await open(toClient(server.url)), await open(deaf, { pollMs })];
    await create(writer);
    const seen = collect(reader);
    await vi.waitFor(() => expect(seen.ids).toHaveLength(1));
    const lags: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      await writer.log.append('s', [toContractText(`${index}`)]);
      const started = performance.now();
      await vi.waitFor(() => expect(seen.texts).toHaveLength(index + 1), { timeout: 5_000, interval: 5 });
      lags.push(performance.now() - started);
    }
    expect(Math.max(...lags)).toBeLessThan(pollMs * 2);
    expect([reader.counts().hints, reader.counts().foundLate]).toEqual([0, 4]);
    // Twin: the poll found the entries. A hint would have been faster.
    expect(Math.max(...lags)).toBeGreaterThan(pollMs / 4);
    expect(seen.texts).toEqual(['0', '1', '2', '3']);
  });

  test('a reader receives writes from before its subscription without waiting for the poll', async () => {
    const server = await start();
    const late: RedisClient = {
      isCluster: false,
      open: (events) => {
        const connection = toClient(server.url).open(events);
        const subscribe = async (channel: string): Promise<unknown> => {
          await delay(200);
          return connection.subscribe(channel);
        };
        return Object.create(connection, { subscribe: { value: subscribe } });
      },
    };
    const [writer, reader] = [await open(toClient(server.url)), await open(late, { pollMs: 10_000 })];
    await create(writer);
    const seen = collect(reader);
    await vi.waitFor(() => expect(seen.ids).toHaveLength(1));
    await writer.log.append('s', [toContractText('a')]);
    await delay(50);
    expect(seen.texts).toEqual([]);
    await vi.waitFor(() => expect(seen.texts).toEqual(['a']), { timeout: 2_000 });
  });

  test('F24: after a failover that lost acknowledged writes every reader that had seen them gets an error', async () => {
    const { url, main, replica, part, failOver, close } = await prepareFailover(await start(), await start());
    cleanUp(close);
    // One store never learns of its new connections, so it must notice by itself that the log is another one.
    const unaware: RedisClient = {
      isCluster: false,
      open: (events) => {
        let begun = 0;
        const onReady = (): void => {
          begun += 1;
          if (begun <= 2) events.onReady();
        };
        return toClient(url).open({ ...events, onReady });
      },
    };
    const [writer, reader] = [await open(toClient(url)), await open(unaware, { pollMs: 700 })];
    await create(writer);
    for (const text of ['a', 'b']) await writer.log.append('s', [toContractText(text)]);
    await arrive(main, replica, lastOf('s'));

    // Later writes never reach the replica, although they are acknowledged and seen.
    await part();
    const seen = [collect(reader), collect(writer)];
    // Waits for the first look at the log, so that the next entries arrive by a hint.
    await delay(100);
    for (const text of ['lost 1', 'lost 2', 'lost 3']) await writer.log.append('s', [toContractText(text)]);
    await vi.waitFor(() => {
      for (const { texts } of seen) expect(texts).toEqual(['a', 'b', 'lost 1', 'lost 2', 'lost 3']);
    });
    await failOver();

    const page = await vi.waitFor(() => writer.log.read('s', undefined, 99), {
      timeout: 5_000,
      interval: 20,
    });
    expect(page.type === 'page' && page.entries).toHaveLength(3);
    await vi.waitFor(
      () => {
        for (const { told } of seen) expect(told).toEqual(['beyond']);
      },
      { timeout: 5_000 },
    );
    // The numbers are used again for other entries. A reader that returns with one of the lost ids gets an
    // error too.
    for (const text of ['new 1', 'new 2', 'new 3', 'new 4'])
      await writer.log.append('s', [toContractText(text)]);
    const lost = seen[0]?.ids.slice(3) ?? [];
    expect(lost.map((id) => id.split('-')[0])).toEqual(['4', '5', '6']);
    for (const id of lost)
      expect(await reader.log.read('s', id, 9)).toEqual({ type: 'gone', reason: 'unknown' });
  });

  test('a store reconnects when its master becomes a replica under its connections', async () => {
    const [main, replica] = [await start(), await start()];
    await replicate(main, replica);
    let port = main.port;
    const proxy = await createFaultProxy({ port: () => port, plan: () => ({}), seed: 1 });
    cleanUp(() => proxy.close());
    const store = await open(toClient(`redis://127.0.0.1:${proxy.port}`));
    await create(store);
    await arrive(main, replica, lastOf('s'));
    await replica.command('REPLICAOF', 'NO', 'ONE');
    port = replica.port;
    await main.command('REPLICAOF', '127.0.0.1', String(replica.port));
    expect((await refused(store.log.append('s', [toContractText('a')]))).code).toBe('unavailable');
    await vi.waitFor(() => store.log.append('s', [toContractText('b')]), { timeout: 5_000, interval: 50 });
    expect(await store.log.read('s', undefined, 9)).toMatchObject({
      entries: [{}, { event: { data: 'b' } }],
    });
  });

  test('with `wait`, an append that must last is refused if no replica has it', async () => {
    // Without files, because a busy disk makes a replica late.
    const [main, replica] = [await start({ appendonly: 'no' }), await start({ appendonly: 'no' })];
    await replicate(main, replica);
    const wait = { replicas: 1, timeoutMs: 1_200 };
    const store = await open(toClient(main.url), { wait, onWarning: () => {} });
    await create(store);
    const head = { was: 1, now: toNextHead() };
    expect((await store.log.append('s', [toContractText('a')], { head })).type).toBe('appended');
    replica.freeze();
    expect((await refused(store.log.append('s', [], { head: { was: 2, now: toNextHead() } }))).code).toBe(
      'unavailable',
    );
    // The store does not wait for words.
    expect((await store.log.append('s', [toContractText('b')])).type).toBe('appended');
    replica.thaw();
  });
});
