import { expect, test } from 'vitest';
import { ClientError } from 'heddle/client';
import { plainError } from './plain-error.ts';

test('a refusal is told in the words of the page', () => {
  expect(plainError(new ClientError('queue_full', 'x'), 'other')).toMatch(/Too many messages/);
  expect(plainError(new ClientError('unreachable', 'ECONNREFUSED'), 'other')).toBe(
    'The server cannot be reached.',
  );
});

test('what is not known is told in general, never in the words of a machine', () => {
  expect(plainError(new ClientError('new_code', 'x'), 'other')).toBe('other');
  expect(plainError(new Error('ECONNRESET'), 'other')).toBe('other');
});
