import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

test('a cheap text renders whenever more of it arrives', () => {
  const pace = createPace();
  expect(pace.waitMs(0)).toBe(0);
  pace.begin(1_000);
  pace.end(1_006);
  expect(pace.waitMs(1_006)).toBe(0);
});

test('a slow text takes at most half of the time to render', () => {
  const pace = createPace();
  pace.begin(1_000);
  pace.end(1_100);
  expect(pace.waitMs(1_100)).toBe(100);
  expect(pace.waitMs(1_150)).toBe(50);
  expect(pace.waitMs(1_200)).toBe(0);
});

test('a text waits half a second at most, however slow the page is', () => {
  const pace = createPace();
  pace.begin(1_000);
  pace.end(9_000);
  expect(pace.waitMs(9_000)).toBe(500);
  expect(pace.waitMs(9_500)).toBe(0);
});

test('a text that is cheap again does not wait', () => {
  const pace = createPace();
  pace.begin(1_000);
  pace.end(1_100);
  pace.begin(1_200);
  pace.end(1_202);
  expect(pace.waitMs(1_202)).toBe(0);
});
