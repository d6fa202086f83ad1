import { expect, test } from 'vitest';
import { createSortedNames } from './sorted-names.ts';

test('names come by number, then by name, in both directions', () => {
  const names = createSortedNames();
  for (const [at, name] of [
    [3, 'b'],
    [1, 'z'],
    [3, 'a'],
    [2, 'm'],
  ] as const)
    names.add(at, name);
  expect([...names.up()].map(({ name }) => name)).toEqual(['z', 'm', 'a', 'b']);
  expect([...names.down()].map(({ name }) => name)).toEqual(['b', 'a', 'm', 'z']);
  expect([...names.down({ at: 3, name: 'b' })].map(({ name }) => name)).toEqual(['a', 'm', 'z']);
  expect([...names.down({ at: 3, name: '' })].map(({ name }) => name)).toEqual(['m', 'z']);
  expect([...names.down({ at: 0, name: '' })]).toEqual([]);
});

test('only the named place is deleted', () => {
  const names = createSortedNames();
  names.add(1, 'a');
  names.add(1, 'b');
  names.delete(2, 'a');
  names.delete(1, 'c');
  expect([...names.up()]).toHaveLength(2);
  names.delete(1, 'a');
  expect([...names.up()]).toEqual([{ at: 1, name: 'b' }]);
});
