import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toContractState, toContractText, toNextHead } from '../store/contract-check.ts';
import type { Store } from '../log/index.ts';
import { openPointReads } from './point-reads.ts';
import type { PointReads } from './point-reads.ts';
import { sqliteStore } from './sqlite.ts';

let folder = '';
let store: Store;
let points: PointReads;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  const path = join(folder, 'log.db');
  store = await sqliteStore({ path });
  points = openPointReads(path);
});

afterEach(async () => {
  points.close();
  await store.close();
  await rm(folder, { recursive: true });
});

const read = (after?: string, limit = 10) => points.read({ session: 's', after, limit });

async function say(...texts: string[]): Promise<string> {
  const said = await store.log.append('s', texts.map(toContractText));
  if (said.type !== 'appended') throw new Error(said.reason);
  return said.entries.at(-1)?.id ?? '';
}

test('a short read sees every commit as soon as its append has resolved', async () => {
  expect(read()).toEqual({ type: 'missing' });
  await store.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  for (let index = 1; index < 20; index += 1) {
    const id = await say(`${index}`);
    expect(read()).toMatchObject({ type: 'page', last: index });
    expect(read(id)).toMatchObject({ type: 'page', rows: [], more: false });
  }
});

test('a short read sees a new head, a trim and a drop', async () => {
  await store.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  const first = await say('a', 'b');
  await say('c');
  await store.log.append('s', [], { head: { was: 1, now: toNextHead({ title: 'new' }) } });
  const page = read(undefined, 0);
  expect(page?.type === 'page' && JSON.parse(page.head)).toMatchObject({ version: 2, title: 'new' });
  await store.log.trim('s', first, toContractState('s'));
  expect(read(first)).toMatchObject({ type: 'page', first: 3, last: 3 });
  await store.log.drop('s');
  expect(read()).toEqual({ type: 'missing' });
});

test('a long read is left to the worker', async () => {
  await store.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  expect([read(undefined, 257), read(undefined, Infinity)]).toEqual([undefined, undefined]);
});

test('what cannot be read is left to the worker', async () => {
  await store.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  points.close();
  points.close();
  expect(read()).toBeUndefined();
});
