// The data that a dying Redis keeps, by its configuration. These are the rows of the table in PROTOCOL.md that
// faults.test.ts does not test.
import { expect, test, vi } from 'vitest';
import { redisStore } from 'heddle/redis';
import type { RedisStore, RedisStoreOptions } from 'heddle/redis';
import { startRedis } from '../rig/redis-server.ts';
import type { RedisServer } from '../rig/redis-server.ts';
import { toNextHead, toContractText } from '../../src/store/contract-check.ts';
import { clients } from './clients.fixture.ts';
import { prepareFailover } from './failover.fixture.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

async function start(settings: Readonly<Record<string, string>>): Promise<RedisServer> {
  const server = await startRedis(settings);
  cleanUp(() => server.stop());
  return server;
}

async function open(url: string, options: RedisStoreOptions = {}): Promise<RedisStore> {
  const store = await redisStore(clients.redis(url), { onWarning: () => {}, ...options });
  cleanUp(() => store.close());
  return store;
}

/**
 * Replaces the head, as each message and each end of a turn does. With `wait`, replicas must have such an
 * append.
 */
async function command({ log }: RedisStore, was: number): Promise<string> {
  const events = was === 0 ? [{ type: 'session_start', session: 's' } as const] : [];
  return (await log.append('s', events, { head: { was, now: toNextHead() } })).type;
}

/** Returns the head's version and the number of entries, once the log can be read. */
function look({ log }: RedisStore): Promise<readonly [version: number, entries: number]> {
  return vi.waitFor(
    async () => {
      const page = await log.read('s', undefined, 99);
      return page.type === 'page' ? [page.head.version, page.entries.length] : [0, 0];
    },
    { timeout: 10_000, interval: 20 },
  );
}

test('with `wait`, acknowledged appends survive the promotion of a replica, and an append that no replica has is refused', async () => {
  // Long enough for a busy machine.
  for (const wait of [{ replicas: 1, timeoutMs: 4_000 }, undefined]) {
    // Without files, because a busy disk makes a replica late.
    const { url, part, failOver, close } = await prepareFailover(await start({}), await start({}));
    cleanUp(close);
    const store = await open(url, wait && { wait, commandMs: 6_000 });
    for (let version = 0; version < 50; version++) expect(await command(store, version)).toBe('appended');
    await part();
    const parted = command(store, 50);
    if (wait) await expect(parted).rejects.toMatchObject({ code: 'unavailable' });
    // Twin: without `wait` this append is acknowledged as well.
    else expect(await parted).toBe('appended');
    await failOver();
    // The twin loses that last append. It may also lose earlier ones.
    const [version] = await look(store);
    if (wait) expect(version).toBe(50);
    else expect(version).toBeLessThan(51);
  }
});

test('acknowledged appends survive the death of the process with an append-only file, and not without one', async () => {
  for (const [appendonly, kept] of [
    ['yes', [20, 21]],
    ['no', [0, 0]],
  ] as const) {
    const server = await start({ appendonly, appendfsync: 'everysec' });
    const store = await open(server.url);
    for (let version = 0; version < 20; version++) await command(store, version);
    for (let word = 0; word < 20; word++) await store.log.append('s', [toContractText('a')]);
    // While a disk stalls, Redis holds back its writes to the file for two seconds, as it documents.
    if (appendonly === 'yes')
      await vi.waitFor(async () =>
        expect(await server.command('INFO', 'persistence')).toContain('aof_buffer_length:0'),
      );
    await server.kill();
    await server.restart();
    expect(await look(store)).toEqual(kept);
  }
});
