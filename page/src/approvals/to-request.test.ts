import { expect, test } from 'vitest';
import { toRequest } from './to-request.ts';

test('a text stays text', () => {
  expect(toRequest('Delete\n it?')).toEqual({ name: 'Delete it?', message: 'Delete\n it?', fields: [] });
});

test('an object becomes its title, its message and all other fields', () => {
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

test('a title or message that is no text becomes a field', () => {
  expect(toRequest({ title: 1, message: { a: 2 } }).fields.map(({ name }) => name)).toEqual([
    'title',
    'message',
  ]);
});

test('any other JSON stays JSON', () => {
  expect(toRequest([1])).toEqual({ name: '1', fields: [], json: '[\n  1\n]' });
  expect(toRequest(null).json).toBe('null');
});
