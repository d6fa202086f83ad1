import { expect, test } from 'vitest';
import { createAsked, hearAll } from './hear-all.fixture.ts';
import { openai } from './openai.ts';

test('usage that a server repeats with each chunk is counted once', () => {
  const chunk = (output: number): object => ({
    choices: [{ delta: { content: 'a' } }],
    usage: { prompt_tokens: 10, completion_tokens: output, total_tokens: 10 + output },
  });
  const heard = hearAll(openai.listen(createAsked(), 'events'), [chunk(1), chunk(2), chunk(2), chunk(5)]);
  expect(
    heard.flatMap((each) => (typeof each === 'object' && each.type === 'usage' ? [each.usage] : [])),
  ).toEqual([
    { input_tokens: 10, output_tokens: 1, total_tokens: 11 },
    { input_tokens: 0, output_tokens: 1, total_tokens: 1 },
    { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
    { input_tokens: 0, output_tokens: 3, total_tokens: 3 },
  ]);
});
