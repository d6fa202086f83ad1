import { expect, test } from 'vitest';
import { ClientError } from 'heddle/client';
import { plainError } from './plain-error.ts';

test("a refusal is reported in the page's words", () => {
  expect(plainError(new ClientError('queue_full', 'x'), 'other')).toMatch(/Too many messages/);
  expect(plainError(new ClientError('unreachable', 'ECONNREFUSED'), 'other')).toBe(
    'The server cannot be reached.',
  );
});

test('an unknown error gets the general text, never its technical message', () => {
  expect(plainError(new ClientError('new_code', 'x'), 'other')).toBe('other');
  expect(plainError(new Error('ECONNRESET'), 'other')).toBe('other');
});
