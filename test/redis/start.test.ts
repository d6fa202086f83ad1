// The checks of a store before it starts (F28), and its warnings.
import { mint } from '../../src/protocol/internal.ts';
import { Cluster, Redis } from 'ioredis';
import { fromIoredis, redisStore } from 'heddle/redis';
import type { RedisStoreOptions } from 'heddle/redis';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { findPort, program, startRedis } from '../rig/redis-server.ts';
import type { RedisServer } from '../rig/redis-server.ts';
import { toNextHead, toContractState, toContractText } from '../../src/store/contract-check.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { clients } from './clients.fixture.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

async function start(settings: Readonly<Record<string, string>>): Promise<RedisServer> {
  const server = await startRedis(settings);
  cleanUp(() => server.stop());
  return server;
}

/** Opens a store and returns its warnings. */
async function open(url: string, options: RedisStoreOptions = {}): Promise<readonly string[]> {
  const warnings: string[] = [];
  const store = await redisStore(clients.redis(url), {
    ...options,
    onWarning: (sentence) => warnings.push(sentence),
  });
  await store.close();
  return warnings;
}

test('F28: a Redis that may evict keys is refused, with the line to change', async () => {
  const { url, command } = await start({ appendonly: 'yes', 'maxmemory-policy': 'allkeys-lru' });
  for (const policy of ['allkeys-lru', 'volatile-ttl']) {
    await command('CONFIG', 'SET', 'maxmemory-policy', policy);
    await expect(open(url)).rejects.toThrow(
      `(maxmemory-policy is ${policy}). Set this in redis.conf: maxmemory-policy noeviction`,
    );
  }
  await command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  expect(await open(url)).toEqual([]);
});

test('a Redis that may lose what it acknowledged is taken with a warning, and the line to change', async () => {
  const { url, command } = await start({ appendonly: 'no' });
  expect(await open(url)).toEqual([expect.stringMatching(/redis.conf: appendonly yes$/)]);
  await command('CONFIG', 'SET', 'appendonly', 'yes');
  await command('CONFIG', 'SET', 'appendfsync', 'no');
  expect(await open(url)).toEqual([expect.stringMatching(/redis.conf: appendfsync everysec$/)]);
});

test('a store without the right to read the configuration warns and goes on', async () => {
  const { port, command } = await start({ appendonly: 'yes' });
  await command('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '&*', '+@all', '-config');
  const url = `redis://app:secret@127.0.0.1:${port}`;
  expect(await open(url)).toEqual([expect.stringContaining('CONFIG is forbidden')]);
  await command('ACL', 'SETUSER', 'app', '-info');
  expect(await open(url)).toEqual([
    expect.stringContaining('INFO is forbidden'),
    expect.stringContaining('CONFIG is forbidden'),
  ]);
});

test('Redis accepts the redis.conf lines of docs/redis.md, and the store warns of nothing', async () => {
  const page = readFileSync(new URL('../../docs/redis.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```\n(# redis\.conf\n.*?)```/gs)].map(([, text = '']) => text);
  expect(blocks).toHaveLength(2);
  const [lines, withReplicas] = blocks.map((text) => {
    const { path, remove } = temporaryFolder();
    cleanUp(async () => remove());
    writeFileSync(join(path, 'redis.conf'), text);
    return join(path, 'redis.conf');
  });
  const { url } = await start({ include: lines ?? '' });
  expect(await open(url)).toEqual([]);
  const { command } = await start({ include: withReplicas ?? '' });
  expect(await command('SET', 'a', '1')).toContain('NOREPLICAS');
});

test.each(Object.entries(clients))(
  '%s: the ACL rights that docs/redis.md names are enough',
  async (_, toClient) => {
    const { port, command } = await start({ appendonly: 'yes' });
    const page = readFileSync(new URL('../../docs/redis.md', import.meta.url), 'utf8');
    const line = /^ACL SETUSER heddle .*$/m.exec(page)?.[0] ?? '';
    expect(await command(...line.split(' '))).toBe('+OK');
    const warnings: string[] = [];
    const store = await redisStore(toClient(`redis://heddle:secret@127.0.0.1:${port}`), {
      expireMs: 60_000,
      onWarning: (sentence) => warnings.push(sentence),
    });
    const { log, leases, sessions, snapshots } = store;
    const woken = Promise.withResolvers<void>();
    const stop = log.watch('s', () => woken.resolve());
    const head = { was: 0, now: toNextHead({ dueAt: 0 }) };
    const key = { id: 'k', digest: 'd' };
    const made = await log.append('s', [toContractText('a')], { head, key });
    await woken.promise;
    stop();
    expect(await leases.due(9)).toEqual(['s']);
    const fence = await leases.claim('s', 'node', 1);
    if (fence === undefined) throw new Error('A free session could not be claimed.');
    await vi.waitFor(async () => expect(await leases.due(9)).toEqual(['s']));
    expect(await leases.renew(fence, 1_000)).toBe(true);
    await log.trim('s', (made.type === 'appended' && made.entries[0]?.id) || '', toContractState('s'));
    await snapshots.save('s', 'name', 'data');
    await snapshots.keepOnly('s', 'other');
    expect(await snapshots.load('s', 'name')).toBeUndefined();
    expect(await sessions.list('owner', { limit: 9 })).toHaveLength(1);
    expect(await leases.release(fence)).toBe(true);
    await log.drop('s');
    expect(await log.read('s', undefined, 9)).toEqual({ type: 'missing' });
    await store.close();
    expect(warnings).toEqual([]);
  },
);

test('data of an older or a newer Heddle is left alone', async () => {
  const { url, command } = await start({ appendonly: 'yes' });
  for (const layout of [1, 3]) {
    await command('SET', 'heddle:layout', `${layout}/64`);
    await expect(open(url)).rejects.toThrow(
      `has layout ${layout}, and this Heddle reads layout 2: use the Heddle that wrote it`,
    );
    expect(await command('GET', 'heddle:layout')).toContain(`${layout}/64`);
  }
});

test('the number of shards cannot change', async () => {
  const { url } = await start({ appendonly: 'yes' });
  const prefix = mint(8);
  await open(url, { prefix, shards: 8 });
  await open(url, { prefix, shards: 8 });
  await expect(open(url, { prefix, shards: 9 })).rejects.toThrow('set shards to 8');
});

test('invalid options are refused', async () => {
  await expect(open('redis://127.0.0.1:1', { prefix: 'a{b}' })).rejects.toThrow(TypeError);
  await expect(open('redis://127.0.0.1:1', { shards: 0 })).rejects.toThrow(TypeError);
  await expect(open('redis://127.0.0.1:1', { expireMs: 1 })).rejects.toThrow(TypeError);
  const wait = { replicas: 1, timeoutMs: 2_000 };
  await expect(open('redis://127.0.0.1:1', { wait })).rejects.toThrow(TypeError);
  const cluster = fromIoredis(new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true }));
  await expect(redisStore(cluster, { wait: { replicas: 1, timeoutMs: 1 } })).rejects.toThrow(TypeError);
});

test.each(Object.entries(clients))(
  '%s: an unreachable Redis is reported in a sentence, in time',
  async (_, toClient) => {
    const started = performance.now();
    const opened = redisStore(toClient(`redis://127.0.0.1:${await findPort()}`), { connectMs: 300 });
    await expect(opened).rejects.toThrow(/^Redis cannot be reached: .*ECONNREFUSED/);
    expect(performance.now() - started).toBeLessThan(1_500);
  },
);

test('a wrong password is reported', async () => {
  const { port } = await start({ appendonly: 'yes' });
  const client = fromIoredis(new Redis(`redis://someone:wrong@127.0.0.1:${port}`, { lazyConnect: true }));
  await expect(redisStore(client, { connectMs: 500 })).rejects.toThrow('WRONGPASS');
});

test('the tests run against the requested server', async () => {
  const { command } = await start({});
  const told = await command('INFO', 'server');
  expect(told.includes('valkey_version:')).toBe(basename(program).includes('valkey'));
});
