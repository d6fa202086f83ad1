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

test('a call waits until it is taken, and only that call passes', async () => {
  const gate = createGate();
  const waiting = gate.passed('c1');
  gate.taken('c2');
  expect(await Promise.race([waiting, gate.passed('c2').then(() => 'waits')])).toBe('waits');
});

test('when the gate ends, calls that were not taken are told so, and those that were still pass', async () => {
  const gate = createGate();
  const early = gate.passed('c1');
  gate.taken('c2');
  gate.open();
  gate.taken('c3');
  expect(await Promise.all([early, ...['c2', 'c3', 'c4'].map(gate.passed)])).toEqual([
    false,
    true,
    false,
    false,
  ]);
});
