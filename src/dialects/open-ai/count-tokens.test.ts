import { expect, test } from 'vitest';
import { countTokens } from './count-tokens.ts';

test.each([
  [undefined, undefined],
  [{}, { input: 0, output: 0, total: 0 }],
  [
    { input_tokens: 3, output_tokens: 2 },
    { input: 3, output: 2, total: 5 },
  ],
  // Thinking counts in the total only.
  [
    { input_tokens: 3, output_tokens: 2, total_tokens: 9 },
    { input: 3, output: 2, total: 9 },
  ],
  // Of two calls of a model, one has reported a total.
  [
    { input_tokens: 7, output_tokens: 4, total_tokens: 6 },
    { input: 7, output: 4, total: 11 },
  ],
  [{ total_tokens: 9 }, { input: 0, output: 0, total: 9 }],
])('the tokens of %j', (usage, counts) => {
  expect(countTokens(usage)).toEqual(counts);
});
