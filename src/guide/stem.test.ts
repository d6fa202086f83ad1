import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { stem } from './stem.ts';

test.each([
  ['kept', 'keep'],
  ['sent', 'sending'],
  ['sessions', 'session'],
  ['messages', 'message'],
  ['entries', 'entry'],
  ['dropped', 'drop'],
  ['resuming', 'resumes'],
  ['authentication', 'authenticate'],
  ['dies', 'died'],
])('%s and %s are one word', (one, other) => {
  expect(stem(one)).toBe(stem(other));
});

test.each(['busy', 'status', 'process', 'need', 'string', '409', 'キー'])('%s stays as it is', (word) => {
  expect(stem(word)).toBe(word);
});

test('no word loses all of itself', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{3,12}$/), (word) => {
      expect(stem(word).length).toBeGreaterThan(0);
    }),
  );
});
