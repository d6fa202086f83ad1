// `npm run bench:redis`: from an append on one node to a reader on another, over one Redis; and what it costs there.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { fromIoredis, fromNodeRedis, redisStore } from 'heddle/redis';
import type { RedisClient } from 'heddle/redis';
import { follow } from 'heddle/log';
import { isRecord, mint } from 'heddle';
import { createClient } from 'redis';
import { startRedis } from '../proofs/redis-server.ts';

const clients: Readonly<Record<string, (url: string) => RedisClient>> = {
  redis: (url) => fromNodeRedis(createClient({ url })),
  ioredis: (url) => fromIoredis(new Redis(url, { lazyConnect: true })),
};

interface Case {
  readonly client: string;
  readonly sessions: number;
  /** Appends a second in each session. */
  readonly rate: number;
  readonly readers: number;
}

const cases: readonly Case[] = ['redis', 'ioredis'].flatMap((client) => [
  { client, sessions: 1, rate: 20, readers: 1 },
  { client, sessions: 50, rate: 20, readers: 1 },
  { client, sessions: 50, rate: 20, readers: 10 },
  { client, sessions: 200, rate: 10, readers: 1 },
]);
const seconds = 5;

/** Appends in all sessions and says in each event when it was made. */
async function write(
  url: string,
  { client, sessions, rate }: Case,
  names: readonly string[],
): Promise<number> {
  const store = await redisStore(toClient(client, url));
  let appends = 0;
  const ends = performance.now() + seconds * 1_000;
  const speak = async (session: string, index: number): Promise<void> => {
    await delay((index * 1_000) / rate / sessions);
    for (let next = performance.now(); next < ends; next += 1_000 / rate) {
      await delay(Math.max(0, next - performance.now()));
      const data = `${process.hrtime.bigint()} ${'word '.repeat(12)}`;
      await store.log.append(session, [{ type: 'content', turn: 't', part: 'p', data }]);
      appends += 1;
    }
  };
  await Promise.all(names.map(speak));
  await store.close();
  return appends;
}

/** Follows all sessions, in a process of its own, and tells how late the entries were, in milliseconds. */
async function read(url: string, { client, readers }: Case, names: readonly string[]): Promise<void> {
  const store = await redisStore(toClient(client, url));
  const lags: number[] = [];
  const abort = new AbortController();
  const following = names.flatMap((session) =>
    Array.from({ length: readers }, async () => {
      for await (const page of follow(store.log, session, { signal: abort.signal })) {
        const now = process.hrtime.bigint();
        if (page.type !== 'page') return;
        for (const { event } of page.entries)
          if (event.type === 'content')
            lags.push(Number(now - BigInt(event.data.split(' ')[0] ?? '0')) / 1e6);
      }
    }),
  );
  await delay(500);
  process.send?.('ready');
  await once(process, 'message');
  abort.abort();
  await Promise.all(following);
  await store.close();
  const { user, system } = process.cpuUsage();
  process.send?.({ lags: lags.toSorted((one, other) => one - other), cpuMs: (user + system) / 1_000 }, () =>
    process.exit(),
  );
}

function toClient(name: string, url: string): RedisClient {
  const make = clients[name];
  if (make === undefined) throw new RangeError(`There is no client ${name}.`);
  return make(url);
}

async function measure(one: Case, index: number): Promise<string> {
  const server = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
  const admin = new Redis(server.url);
  const names = Array.from({ length: one.sessions }, () => mint(22));
  const store = await redisStore(clients['ioredis']?.(server.url) ?? toClient('ioredis', server.url));
  for (const session of names)
    await store.log.append(session, [{ type: 'session_start', session }], {
      head: { was: 0, now: { owner: 'o', kind: 'session', createdAt: 0, activeAt: 0, queue: [] } },
    });
  await store.close();
  const child = fork(fileURLToPath(import.meta.url), [server.url, String(index), ...names], {
    execArgv: ['--conditions=@heddle/source'],
  });
  await once(child, 'message');
  const before = await toCost(admin);
  const appends = await write(server.url, one, names);
  await delay(200);
  const after = await toCost(admin);
  child.send('stop');
  const [told]: unknown[] = await once(child, 'message');
  const lags = isRecord(told) && Array.isArray(told['lags']) ? told['lags'].map(Number) : [];
  admin.disconnect();
  await server.stop();
  const at = (share: number): string => (lags[Math.floor(lags.length * share)] ?? 0).toFixed(2);
  const per = (cost: number): string => (cost / appends).toFixed(2);
  return [
    `${one.client}, ${one.sessions} × ${one.rate}/s, ${one.readers} readers each`,
    `${at(0.5)} / ${at(0.99)} ms`,
    `${lags.length} of ${appends * one.readers}`,
    `${per(after.sent - before.sent)} / ${per(after.all - before.all)}`,
    `${per(after.cpuMicros - before.cpuMicros)} µs`,
    `${before.connections - 1}`,
  ].join(' | ');
}

async function toCost(admin: Redis): Promise<{
  readonly sent: number;
  readonly all: number;
  readonly cpuMicros: number;
  readonly connections: number;
}> {
  const info = await admin.info('everything');
  const number = (pattern: RegExp): number => Number(pattern.exec(info)?.[1] ?? 0);
  const counts = [...info.matchAll(/cmdstat_([\w|]+):calls=(\d+)/g)].filter(([, name]) => name !== 'info');
  const sent = counts.filter(([, name = '']) => ['evalsha', 'eval', 'hget'].includes(name));
  const sum = (all: readonly RegExpMatchArray[]): number =>
    all.reduce((total, [, , calls]) => total + Number(calls), 0);
  return {
    sent: sum(sent),
    all: sum(counts),
    cpuMicros: (number(/used_cpu_sys:([\d.]+)/) + number(/used_cpu_user:([\d.]+)/)) * 1e6,
    connections: number(/connected_clients:(\d+)/),
  };
}

const [, , url = '', nth = '', ...names] = process.argv;
const asked = cases[Number(nth)];
if (url !== '' && asked !== undefined) {
  await read(url, asked, names);
} else {
  process.stdout.write(
    'case | append to reader, p50 / p99 | seen | commands sent / all, an append | Redis CPU an append | connections of the reading node\n',
  );
  for (const [index, one] of cases.entries()) process.stdout.write(`${await measure(one, index)}\n`);
}
