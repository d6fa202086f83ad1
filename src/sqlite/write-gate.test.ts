import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StoreCall } from './calls.ts';
import { openDatabase } from './open-database.ts';
import { createWriteGate } from './write-gate.ts';
import type { WriteGate } from './write-gate.ts';

const mebibyte = 1024 * 1024;

/** Opens a gate before a disk of 1 GiB with so much free room. The reserve of such a disk is 4 MiB. */
async function open(free: number): Promise<WriteGate> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  const db = openDatabase(join(folder, 'log.db'));
  onTestFinished(async () => {
    db.close();
    await rm(folder, { recursive: true });
  });
  const place = { look: () => ({ loss: undefined, wal: 0, free, total: 1024 * mebibyte }) };
  return createWriteGate(db, place, { isBehind: false, wrote() {}, run: () => true, close() {} });
}

const check: StoreCall = { name: 'check', args: {} };
const drop: StoreCall = { name: 'drop', args: { session: 's' } };
const load: StoreCall = { name: 'loadCheckpoint', args: { session: 's', last: 1, before: Infinity } };
const save = (length: number): StoreCall => ({
  name: 'saveCheckpoint',
  args: {
    session: 's',
    next: { was: undefined, tag: 'a', record: '', count: 1, pages: new Map([[0, 'x'.repeat(length)]]) },
  },
});
const snapshot = (length: number): StoreCall => ({
  name: 'save',
  args: { session: 's', name: 'n', data: 'x'.repeat(length) },
});
const full = { refused: 'storage_full' };

test('checkpoints are refused first, and the other calls of their group are taken', async () => {
  const gate = await open(9 * mebibyte);
  expect(gate.refuse([save(1_000), check])).toBeUndefined();
  const large = save(mebibyte);
  expect(gate.refuse([check, large, load, drop])).toMatchObject([undefined, full, undefined, undefined]);
  expect(gate.refuse([snapshot(mebibyte), large])).toMatchObject([undefined, full]);
});

test('a refused checkpoint does not make the store full', async () => {
  const gate = await open(6 * mebibyte);
  expect(gate.refuse([save(mebibyte)])).toMatchObject([full]);
  expect(gate.refuse([check])).toBeUndefined();
  expect(gate.refuse([snapshot(2 * mebibyte)])).toMatchObject([full]);
  expect(gate.refuse([check])).toMatchObject([full]);
});

test('on a full disk only the calls that free room are taken', async () => {
  const gate = await open(mebibyte);
  expect(gate.refuse([save(1), snapshot(1), check, drop, load])).toMatchObject([
    full,
    full,
    full,
    undefined,
    undefined,
  ]);
  expect(gate.refuse([load])).toBeUndefined();
});
