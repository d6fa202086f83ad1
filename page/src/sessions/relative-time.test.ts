import { expect, test } from 'vitest';
import { relativeTime } from './relative-time.ts';

const now = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;

test('a time is shown in short form, and after a week as its date', () => {
  expect(relativeTime(now - 5_000, now, 'en')).toBe('now');
  expect(relativeTime(now + 5_000, now, 'en')).toBe('now');
  expect(relativeTime(now - 5 * minute, now, 'en')).toMatch(/^5 ?m/);
  expect(relativeTime(now - 180 * minute, now, 'ja')).toBe('3時間前');
  expect(relativeTime(now - 30 * 1_440 * minute, now, 'en')).toBe('Oct 23');
});
