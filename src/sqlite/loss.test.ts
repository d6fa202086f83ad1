// The file is removed or replaced while it is open. Data written afterwards would be lost.
import { copyFile, mkdir, mkdtemp, rename, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toNextHead, toContractText } from '../store/contract-check.ts';
import type { Store } from '../log/index.ts';
import { sqliteStore } from './sqlite.ts';

let folder = '';
let path = '';
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  await mkdir(join(folder, 'data'));
  path = join(folder, 'data', 'heddle.db');
  store = await sqliteStore({ path });
  await store.log.append('s', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const lost = {
  code: 'unavailable',
  cause: { message: expect.stringContaining('was deleted, moved or replaced') },
};

async function expectLoss(): Promise<void> {
  for (const call of [
    store.log.append('s', [toContractText('b')]),
    store.log.drop('s'),
    store.leases.claim('s', 'node', 1_000),
    store.leases.due(1),
    store.snapshots.save('s', 'n', 'data'),
    store.check?.(),
  ])
    await expect(call).rejects.toMatchObject(lost);
  // Earlier entries can still be read.
  expect(await store.log.read('s', undefined, 9)).toMatchObject({ type: 'page', entries: [{}] });
}

test.each<[string, () => Promise<unknown>]>([
  ['the file was deleted', () => unlink(path)],
  ['its WAL was deleted', () => unlink(`${path}-wal`)],
  ['its folder was deleted', () => rm(join(folder, 'data'), { recursive: true })],
  ['its folder was moved', () => rename(join(folder, 'data'), join(folder, 'other'))],
  [
    'it was replaced by a copy',
    async () => {
      await copyFile(path, `${path}-copy`);
      await rename(`${path}-copy`, path);
    },
  ],
])('if %s, writes are refused and reads still work', async (_, spoil) => {
  await store.check?.();
  await spoil();
  await expectLoss();
});

test('a file that is moved back is written again', async () => {
  await rename(path, `${path}-aside`);
  await expectLoss();
  await rename(`${path}-aside`, path);
  await store.check?.();
  expect(await store.log.append('s', [toContractText('b')])).toMatchObject({ type: 'appended' });
});

test('a file behind a link works until the link points elsewhere', async () => {
  const link = join(folder, 'current');
  await symlink(join(folder, 'data'), link);
  const linked = await sqliteStore({ path: join(link, 'heddle.db') });
  expect(await linked.log.append('s', [toContractText('b')])).toMatchObject({ type: 'appended' });
  await mkdir(join(folder, 'next'));
  await unlink(link);
  await symlink(join(folder, 'next'), link);
  await expect(linked.log.append('s', [toContractText('c')])).rejects.toMatchObject(lost);
  await linked.close();
});

test('a copy of the file alone contains what was written a second before', async () => {
  const copy = join(folder, 'copy.db');
  const read = async (): Promise<unknown> => {
    await copyFile(path, copy);
    const copied = await sqliteStore({ path: copy });
    const page = await copied.log.read('s', undefined, 9);
    await copied.close();
    await rm(`${copy}-wal`, { force: true });
    await rm(`${copy}-shm`, { force: true });
    return page;
  };
  await expect.poll(read, { interval: 200, timeout: 10_000 }).toMatchObject({ type: 'page', entries: [{}] });
});
