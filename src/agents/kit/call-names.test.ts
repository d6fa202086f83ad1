import { expect, onTestFinished, test, vi } from 'vitest';
import { createCallNames } from './call-names.ts';

test('a name that the vendor gives again is changed', () => {
  const nameFor = createCallNames();
  expect(['call_0', 'call_0', '', '', 'call_0'].map(nameFor)).toEqual([
    'call_0',
    'call_0-2',
    'call',
    'call-2',
    'call_0-3',
  ]);
});

test('a call of the turn before keeps its name once', () => {
  const nameFor = createCallNames([['call_0', 'call_0-3']]);
  expect(['call_0', 'call_0', 'call_0-3'].map(nameFor)).toEqual(['call_0-3', 'call_0', 'call_0-3-2']);
});

test('long names are cut, and stay apart', () => {
  const nameFor = createCallNames();
  const [one, other] = [nameFor('x'.repeat(300)), nameFor('x'.repeat(300))];
  expect(one).toHaveLength(200);
  expect(other).toHaveLength(200);
  expect(one).not.toBe(other);
});

test('a name that each turn of a long conversation gives again is found at once', () => {
  const nameFor = createCallNames();
  const asked = vi.spyOn(Set.prototype, 'has');
  onTestFinished(() => asked.mockRestore());
  for (let turn = 1; turn < 1_000; turn += 1) nameFor('c1');
  expect(nameFor('c1')).toBe('c1-1000');
  expect(asked.mock.calls.length).toBeLessThan(4_000);
});

test('calls of one id keep their names in the order in which they come again', () => {
  const nameFor = createCallNames([
    ['c', 'c'],
    ['c', 'c-2'],
  ]);
  expect(['c', 'c', 'c'].map((id) => nameFor(id))).toEqual(['c', 'c-2', 'c-3']);
});
