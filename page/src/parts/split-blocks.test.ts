import { array, assert, constantFrom, property } from 'fast-check';
import { expect, test } from 'vitest';
import { splitBlocks } from './split-blocks.ts';

test('paragraphs are blocks, and the last one grows alone', () => {
  expect(splitBlocks('one\n\ntwo\n\nthr')).toEqual(['one\n\n', 'two\n\n', 'thr']);
  expect(splitBlocks('one\n\ntwo\n\nthree')).toEqual(['one\n\n', 'two\n\n', 'three']);
});

test('what may belong together over a blank line stays together', () => {
  for (const text of [
    '- a\n\n- b',
    '1. a\n\n   b',
    '```\na\n\nb\n```',
    '> a\n\n> b',
    '[x]\n\n[x]: https://example.com',
  ]) {
    expect(splitBlocks(text)).toHaveLength(1);
  }
});

test('no letter is lost, whatever the text', () => {
  const line = constantFrom(
    '',
    'a',
    '```',
    '~~~~',
    '- b',
    '  c',
    '# d',
    '> e',
    '[f]: g',
    '<!-- h',
    '\r',
    '1) i',
  );
  assert(
    property(array(line, { maxLength: 30 }), (lines) => {
      const text = lines.join('\n');
      expect(splitBlocks(text).join('')).toBe(text);
    }),
  );
});
