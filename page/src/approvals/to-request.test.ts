import { expect, test } from 'vitest';
import { toRequest } from './to-request.ts';

test('a text is told as text', () => {
  expect(toRequest('Delete\n it?')).toEqual({ name: 'Delete it?', message: 'Delete\n it?', fields: [] });
});

test('an object is told by its title, its message, and all else that it has', () => {
  expect(toRequest({ title: 'Pay?', message: 'To Ada.', amount: 7, items: ['a'] })).toEqual({
    name: 'Pay?',
    title: 'Pay?',
    message: 'To Ada.',
    fields: [
      { name: 'amount', text: '7' },
      { name: 'items', text: '[\n  "a"\n]' },
    ],
  });
});

test('a title or message that is no text is not lost', () => {
  expect(toRequest({ title: 1, message: { a: 2 } }).fields.map(({ name }) => name)).toEqual([
    'title',
    'message',
  ]);
});

test('any other JSON is told as it is', () => {
  expect(toRequest([1])).toEqual({ name: '1', fields: [], json: '[\n  1\n]' });
  expect(toRequest(null).json).toBe('null');
});
