import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

test('what is cheap to render is rendered whenever there is more', () => {
  const pace = createPace();
  expect(pace.waitMs(0)).toBe(0);
  pace.begin(1_000);
  pace.end(1_006);
  expect(pace.waitMs(1_006)).toBe(0);
});

test('what is slow to render is rendered half of the time at most', () => {
  const pace = createPace();
  pace.begin(1_000);
  pace.end(1_100);
  expect(pace.waitMs(1_100)).toBe(100);
  expect(pace.waitMs(1_150)).toBe(50);
  expect(pace.waitMs(1_200)).toBe(0);
});

test('a text does not stand still for longer than half a second, however slow the page is', () => {
  const pace = createPace();
  pace.begin(1_000);
  pace.end(9_000);
  expect(pace.waitMs(9_000)).toBe(500);
  expect(pace.waitMs(9_500)).toBe(0);
});

test('once it is cheap again, there is nothing to wait for', () => {
  const pace = createPace();
  pace.begin(1_000);
  pace.end(1_100);
  pace.begin(1_200);
  pace.end(1_202);
  expect(pace.waitMs(1_202)).toBe(0);
});
