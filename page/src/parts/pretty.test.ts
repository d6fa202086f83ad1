import { expect, test } from 'vitest';
import { gist, gistOfOne, pretty } from './pretty.ts';

test('text stays unchanged, other values become indented JSON', () => {
  expect(pretty('a\nb')).toBe('a\nb');
  expect(pretty({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(pretty(undefined)).toBe('');
});

test('a very long value is cut, but not inside a character', () => {
  const text = pretty('𠮷'.repeat(20_000));
  expect(text.length).toBeLessThanOrEqual(20_001);
  expect(text.isWellFormed()).toBe(true);
});

test('the gist of a value is one line', () => {
  expect(gist({ expression: '6 *\n 7' })).toBe('6 * 7');
  expect(gist({ zone: 'Asia/Tokyo', hours: 24 })).toBe('zone: Asia/Tokyo, hours: 24');
  expect(gist([{ text: 'found' }])).toBe('found');
  expect(gist('x'.repeat(500)).length).toBeLessThan(200);
  expect(gist({})).toBe('');
});

test('several results have no gist', () => {
  expect(gistOfOne(42)).toBe('42');
  expect(gistOfOne([{ json: { value: 42 } }])).toBe('42');
  expect(gistOfOne([{ a: 1 }, { a: 2 }])).toBeUndefined();
  expect(gistOfOne(undefined)).toBeUndefined();
});
