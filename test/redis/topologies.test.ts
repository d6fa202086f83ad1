// Redis in more than one process, through ioredis: a Cluster, and a failover by Sentinel.
import { mint } from '../../src/protocol/internal.ts';
import { Cluster, Redis } from 'ioredis';
import { follow } from 'heddle/log';
import { fromIoredis, redisStore } from 'heddle/redis';
import { storeContract } from 'heddle/store';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { lastOf } from './clients.fixture.ts';
import { arrive, replicate, startRedis, startSentinel } from '../rig/redis-server.ts';
import type { RedisServer } from '../rig/redis-server.ts';
import { toNextHead, toContractText } from '../../src/store/contract-check.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp(afterAll);

const patience = { timeout: 15_000, interval: 20 };

describe('a Cluster of three', () => {
  const settings = { appendonly: 'yes', 'cluster-enabled': 'yes', 'cluster-node-timeout': '1000' };
  let nodes: readonly RedisServer[];
  beforeAll(async () => {
    nodes = await Promise.all([0, 1, 2].map(() => startRedis(settings)));
    for (const node of nodes) cleanUp(() => node.stop());
    const bounds = [0, 5_461, 10_923, 16_384];
    for (const [index, node] of nodes.entries()) {
      await node.command(
        'CLUSTER',
        'ADDSLOTSRANGE',
        String(bounds[index]),
        String((bounds[index + 1] ?? 0) - 1),
      );
      for (const other of nodes) await node.command('CLUSTER', 'MEET', '127.0.0.1', String(other.port));
    }
    for (const node of nodes)
      await vi.waitFor(
        async () => expect(await node.command('CLUSTER', 'INFO')).toContain('cluster_state:ok'),
        {
          timeout: 15_000,
        },
      );
  });
  const toClient = (): ReturnType<typeof fromIoredis> =>
    fromIoredis(
      new Cluster(
        nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
        { lazyConnect: true },
      ),
    );

  for (const { name, run } of storeContract) {
    test(name, () => run((now) => redisStore(toClient(), { prefix: mint(8), now })));
  }

  test('sessions are spread over all nodes, and a hint reaches readers of any of them', async () => {
    const [writer, reader] = [await redisStore(toClient()), await redisStore(toClient())];
    for (const session of Array.from({ length: 30 }, (_, index) => `session ${index}`)) {
      await writer.log.append(session, [toContractText('a')], { head: { was: 0, now: toNextHead() } });
      const abort = new AbortController();
      for await (const page of follow(reader.log, session, { signal: abort.signal })) {
        if (page.type !== 'page' || page.entries.some(({ id }) => id.startsWith('2-'))) break;
        await writer.log.append(session, [toContractText('b')]);
      }
    }
    for (const node of nodes) expect(await node.command('DBSIZE')).not.toBe(':0');
    await Promise.all([writer.close(), reader.close()]);
  });

  test('a replica takes the place of a dead master: entries that had reached it are there, and none is there twice', async () => {
    const [main, ...others] = nodes;
    if (main === undefined) throw new Error('There is no node.');
    const replica = await startRedis(settings);
    cleanUp(() => replica.stop());
    for (const node of nodes) await node.command('CLUSTER', 'MEET', '127.0.0.1', String(replica.port));
    const id = (await main.command('CLUSTER', 'MYID')).split('\r\n')[1] ?? '';
    await vi.waitFor(
      async () => expect(await replica.command('CLUSTER', 'REPLICATE', id)).toBe('+OK'),
      patience,
    );
    // A replica that does not know the slots yet would get no votes.
    await vi.waitFor(
      async () => expect(await replica.command('CLUSTER', 'INFO')).toContain('cluster_state:ok'),
      patience,
    );
    const store = await redisStore(toClient());
    const sessions = Array.from({ length: 30 }, () => mint(22));
    const say = (session: string, text: string): Promise<unknown> =>
      store.log.append(session, [toContractText(text)], { key: { id: text, digest: '' } });
    for (const session of sessions)
      await store.log.append(session, [], { head: { was: 0, now: toNextHead() } });
    for (const session of sessions) await say(session, 'before');
    await arrive(main, replica, ['DBSIZE']);
    const talking = sessions.map(async (session) => {
      for (let index = 0; index < 40; index += 1) {
        await vi.waitFor(() => say(session, `${index}`), { timeout: 30_000, interval: 50 });
        await delay(50);
      }
    });
    await delay(200);
    await main.kill();
    await Promise.all(talking);
    expect(await replica.command('ROLE')).toContain('master');
    // Twin: the replica had some of the sessions.
    expect(await replica.command('DBSIZE')).not.toBe(':0');
    for (const session of sessions) {
      const page = await store.log.read(session, undefined, 99);
      const texts =
        page.type === 'page'
          ? page.entries.flatMap(({ event }) => (event.type === 'content' ? [event.data] : []))
          : [];
      // The last words before the death may not have reached the replica. No word is there twice.
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts.slice(0, 1)).toEqual(['before']);
      expect(texts.at(-1)).toBe('39');
    }
    await store.close();
    for (const node of others) expect(await node.command('CLUSTER', 'INFO')).toContain('cluster_state:ok');
  }, 60_000);
});

test('a store goes on with the replica by itself after a failover by Sentinel', async () => {
  const [main, replica] = [await startRedis({ appendonly: 'yes' }), await startRedis({ appendonly: 'yes' })];
  for (const server of [main, replica]) cleanUp(() => server.stop());
  await replicate(main, replica);
  const sentinel = await startSentinel(main);
  cleanUp(() => sentinel.stop());
  await vi.waitFor(
    async () =>
      expect(await sentinel.command('SENTINEL', 'REPLICAS', 'main')).toContain(String(replica.port)),
    {
      timeout: 15_000,
    },
  );

  const store = await redisStore(
    fromIoredis(
      new Redis({ sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: 'main', lazyConnect: true }),
    ),
  );
  cleanUp(() => store.close());
  await store.log.append('s', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  await arrive(main, replica, lastOf('s'));
  const abort = new AbortController();
  const texts: string[] = [];
  const following = (async () => {
    for await (const page of follow(store.log, 's', { signal: abort.signal })) {
      if (page.type === 'page')
        for (const { event } of page.entries) texts.push(event.type === 'content' ? event.data : event.type);
    }
  })();
  await main.kill();
  await vi.waitFor(() => store.log.append('s', [toContractText('b')]), { timeout: 20_000, interval: 50 });
  await vi.waitFor(() => expect(texts).toEqual(['a', 'b']), { timeout: 5_000 });
  expect(await replica.command('ROLE')).toContain('master');
  abort.abort();
  await following;
}, 60_000);
