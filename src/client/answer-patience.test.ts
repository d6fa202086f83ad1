import { expect, test } from 'vitest';
import { toAnswerMs } from './answer-patience.ts';

const timing = { answerMs: 8_000, readTimeoutMs: 37_500 };

test('the first two attempts wait equally long, and each later one twice as long, up to the read timeout', () => {
  const waits = [0, 1, 2, 3, 4, 500].map((unanswered) => toAnswerMs(timing, unanswered));
  expect(waits).toEqual([8_000, 8_000, 16_000, 32_000, 37_500, 37_500]);
});

test('a large body adds the time that a slow network takes for it, up to the time limit of a server', () => {
  expect(toAnswerMs(timing, 0, 'x'.repeat(100))).toBe(8_025);
  expect(toAnswerMs(timing, 0, 'x'.repeat(200_000))).toBe(58_000);
  expect(toAnswerMs(timing, 0, 'x'.repeat(1_000_000))).toBe(68_000);
});

test('without a time for answers it is the read timeout', () => {
  expect(toAnswerMs({ readTimeoutMs: 37_500 }, 3)).toBe(37_500);
  expect(toAnswerMs({ readTimeoutMs: Infinity }, 0)).toBe(Infinity);
});
