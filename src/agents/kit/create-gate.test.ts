import { expect, test } from 'vitest';
import { createGate } from './create-gate.ts';

test('a call passes when it is taken, before or after it comes to the gate', async () => {
  const gate = createGate();
  const early = gate.passed('c1');
  gate.taken('c1');
  gate.taken('c2');
  expect(await early).toBe(true);
  expect(await gate.passed('c2')).toBe(true);
});

test('of two calls with one id, each waits until it is taken itself', async () => {
  const gate = createGate();
  gate.taken('call_0');
  expect(await gate.passed('call_0')).toBe(true);
  const second = gate.passed('call_0');
  gate.taken('c1');
  expect(await Promise.race([second, gate.passed('c1').then(() => 'waits')])).toBe('waits');
  gate.taken('call_0');
  expect(await second).toBe(true);
});

test('when the gate ends, a call passes only if it was taken', async () => {
  const gate = createGate();
  const early = gate.passed('c1');
  gate.taken('c2');
  gate.open();
  gate.taken('c3');
  const calls = [early, ...['c2', 'c3', 'c4'].map(gate.passed)];
  expect(await Promise.all(calls)).toEqual([false, true, true, false]);
});
