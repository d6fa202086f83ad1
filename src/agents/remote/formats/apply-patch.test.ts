import { expect, test } from 'vitest';
import { applyPatch } from './apply-patch.ts';

const state = { a: { 'x/y': 1 }, list: [1, 2, 3] };

test.each([
  [{ op: 'copy', from: '/none', path: '/b' }, state],
  [{ op: 'move', from: '/list/9', path: '/b' }, state],
  [
    { op: 'add', path: '/b', value: 1 },
    { ...state, b: 1 },
  ],
  [
    { op: 'replace', path: '/a/x~1y', value: 2 },
    { ...state, a: { 'x/y': 2 } },
  ],
  [
    { op: 'remove', path: '/list/1' },
    { ...state, list: [1, 3] },
  ],
  [
    { op: 'add', path: '/list/1', value: 9 },
    { ...state, list: [1, 9, 2, 3] },
  ],
  [
    { op: 'add', path: '/list/-', value: 9 },
    { ...state, list: [1, 2, 3, 9] },
  ],
  [
    { op: 'replace', path: '/list/0', value: 9 },
    { ...state, list: [9, 2, 3] },
  ],
  [
    { op: 'move', from: '/list', path: '/numbers' },
    { a: state.a, numbers: [1, 2, 3] },
  ],
  [
    { op: 'copy', from: '/list/2', path: '/last' },
    { ...state, last: 3 },
  ],
  [{ op: 'replace', path: '', value: 'new' }, 'new'],
  [{ op: 'add', path: '/missing/deep', value: 1 }, state],
  [{ op: 'add', path: '/list/7', value: 1 }, state],
  [{ op: 'test', path: '/a', value: 1 }, state],
  ['no operation', state],
])('the operation %j', (operation, expected) => {
  expect(applyPatch(state, [operation])).toEqual(expected);
});

test('the prototype is out of reach', () => {
  const patched = applyPatch({}, [{ op: 'add', path: '/__proto__/polluted', value: true }]);
  expect(patched).toEqual({});
  expect(Object.prototype).not.toHaveProperty('polluted');
});
