import { expect, test } from 'vitest';
import { toRetryAfterMs } from './retry-after.ts';

test('Retry-After is read in seconds and as a date', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
  expect(toRetryAfterMs('3', now)).toBe(3_000);
  expect(toRetryAfterMs('Wed, 21 Oct 2026 07:28:05 GMT', now)).toBe(5_000);
  expect(toRetryAfterMs('Wed, 21 Oct 2026 07:27:00 GMT', now)).toBe(0);
  expect(toRetryAfterMs('soon', now)).toBeUndefined();
  expect(toRetryAfterMs(null, now)).toBeUndefined();
});
