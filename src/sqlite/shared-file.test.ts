import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toNextHead, toContractState, toContractText, toTexts } from '../store/contract-check.ts';
import { follow } from '../log/index.ts';
import { createPump, nextLoopTurn } from '../log/internal.ts';
import type { Store } from '../log/index.ts';
import type { Entry } from '../protocol/index.ts';
import { sqliteStore } from './sqlite.ts';

let folder = '';
let stores: readonly [Store, Store];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  const path = join(folder, 'log.db');
  // Opened at the same time on purpose: neither finds a file.
  stores = await Promise.all([sqliteStore({ path }), sqliteStore({ path })]);
});

afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await rm(folder, { recursive: true });
});

test('each store sees the changes of the other at once', async () => {
  const [one, other] = stores;
  await one.log.append('s', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  const { entries } = await say(other, 's', 'b');
  expect(entries[0]?.id).toMatch(/^2-/);
  const head = { was: 1, now: toNextHead({ title: 'new' }) };
  expect(await other.log.append('s', [], { head })).toMatchObject({ version: 2 });
  expect(await one.log.append('s', [], { head })).toEqual({ type: 'refused', reason: 'conflict' });

  const fence = await one.leases.claim('s', 'one', 60_000);
  expect(await other.leases.claim('s', 'other', 60_000)).toBeUndefined();
  if (fence === undefined) throw new Error('The lease was free.');
  expect(await other.leases.release(fence)).toBe(true);
  expect(await one.log.append('s', [toContractText('c')], { fence: { ...fence, n: 1 } })).toMatchObject({
    reason: 'fenced',
  });

  await one.log.trim('s', entries[0]?.id ?? '', toContractState('s'));
  expect(await other.log.read('s', undefined, 9)).toMatchObject({
    entries: [],
    base: { last: entries[0]?.id },
  });
  await other.log.drop('s');
  expect(await one.log.append('s', [toContractText('d')])).toEqual({ type: 'refused', reason: 'missing' });
});

test('one store loads the snapshots of the other, until either drops the session', async () => {
  const [one, other] = stores;
  await one.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  await one.snapshots.save('s', 'a', '1');
  await other.snapshots.save('s', 'b', '2');
  expect(await other.snapshots.load('s', 'a')).toBe('1');
  await other.snapshots.keepOnly('s', 'b');
  expect([await one.snapshots.load('s', 'a'), await one.snapshots.load('s', 'b')]).toEqual([undefined, '2']);
  await other.log.drop('s');
  await one.snapshots.save('s', 'b', 'late');
  expect(await one.snapshots.load('s', 'b')).toBeUndefined();
});

test('a watcher is woken by the other store: by an append, a trim of the newest entry, and a drop', async () => {
  const [one, other] = stores;
  await one.log.append('s', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  await one.log.append('t', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  for (const change of ['append', 'trim', 'drop', 'append again'] as const) {
    const session = change === 'append again' ? 't' : 's';
    const woken = Promise.withResolvers<void>();
    const stop = one.log.watch(session, () => woken.resolve());
    // When the worker answers this call, it already watches the file.
    await one.leases.due(1);
    if (change === 'drop') await other.log.drop(session);
    else {
      const { entries } = await say(other, session, 'b');
      if (change === 'trim') await other.log.trim(session, entries[0]?.id ?? '', toContractState(session));
    }
    await woken.promise;
    stop();
  }
});

test('a pump misses nothing that another process commits before the watch of the file begins', async () => {
  const { log } = stores[0];
  await log.append('s', [], { head: { was: 0, now: toNextHead() } });
  const other = new DatabaseSync(join(folder, 'log.db'));
  other.exec('begin immediate');
  other
    .prepare(`insert into appends (session, last, count, at, tag, events) values (1, 1, 1, 1, 'AAAAAA', ?)`)
    .run(JSON.stringify([toContractText('a')]));
  // The worker waits for the other process, and so begins to watch only after its commit.
  const append = log.append('t', [], { head: { was: 0, now: toNextHead() } });
  await nextLoopTurn();
  const seen = Promise.withResolvers<readonly string[]>();
  const pump = createPump(log, 's', {
    take: (page) => seen.resolve(page.type === 'page' ? toTexts(page.entries) : []),
    fail: seen.reject,
  });
  await nextLoopTurn();
  other.exec('commit');
  other.close();
  expect(await seen.promise).toEqual(['a']);
  await append;
  pump.stop();
});

test('two stores that append at once keep one order', async () => {
  const [one, other] = stores;
  await one.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  const appends = Array.from({ length: 200 }, (_, index) =>
    say(stores[index % 2 === 0 ? 0 : 1], 's', `${index}`),
  );
  const said = (await Promise.all(appends)).flatMap(({ entries }) => entries);
  const pages = await Promise.all([one, other].map((store) => store.log.read('s', undefined, Infinity)));
  expect(pages[0]).toEqual(pages[1]);
  const entries = pages[0]?.type === 'page' ? pages[0].entries : [];
  expect(entries.map(({ id }) => Number.parseInt(id, 10))).toEqual(
    Array.from({ length: 200 }, (_, index) => index + 1),
  );
  expect(new Set(toTexts(entries)).size).toBe(200);
  expect(new Set(said.map(({ id }) => id))).toEqual(new Set(entries.map(({ id }) => id)));
});

test('followers of both stores see one log while both append and replace heads', async () => {
  await stores[0].log.append('s', [], { head: { was: 0, now: toNextHead() } });
  const followers = [0, 1, 0, 1].map(async (index) => {
    const seen: string[] = [];
    const signal = new AbortController().signal;
    for await (const page of follow(stores[index === 0 ? 0 : 1].log, 's', { signal, pageSize: 5 })) {
      if (page.type !== 'page') break;
      seen.push(...page.entries.map(({ id }) => id));
      if (toTexts(page.entries).includes('end')) break;
    }
    return seen;
  });
  // These take what comes with the hints of their own store.
  const hinted: string[][] = stores.map(() => []);
  const pumps = stores.map(({ log }, index) => {
    const add = (entries: readonly Entry[]): void => void hinted[index]?.push(...entries.map(({ id }) => id));
    return createPump(log, 's', {
      take: (page) => add(page.type === 'page' ? page.entries : []),
      takeHinted: add,
      fail: (error) => {
        throw error;
      },
    });
  });
  await Promise.all(
    stores.map(async (store, writer) => {
      for (let index = 0; index < 60; index += 1) {
        const read = await store.log.read('s', undefined, 0);
        const was = read.type === 'page' ? read.head.version : 0;
        const head = { was, now: toNextHead({ title: `${writer} ${index}` }) };
        await store.log.append(
          's',
          [toContractText('a'), toContractText('b')],
          index % 4 === 0 ? { head } : {},
        );
      }
    }),
  );
  await say(stores[0], 's', 'end');
  const [first = [], ...others] = await Promise.all(followers);
  expect(first.map((id) => Number.parseInt(id, 10))).toEqual(first.map((_, index) => index + 1));
  expect(first.length).toBeGreaterThan(180);
  for (const pump of pumps) {
    await pump.caughtUp();
    pump.stop();
  }
  for (const seen of [...others, ...hinted]) expect(seen).toEqual(first);
});

async function say(store: Store, session: string, text: string) {
  const said = await store.log.append(session, [toContractText(text)]);
  if (said.type !== 'appended') throw new Error(said.reason);
  return said;
}
