import { expect, test } from 'vitest';
import { isReadable, toReadable } from './readable-content.ts';

const odd = { type: 'image', media_type: 'image/png', data: 'https://example.com/x.png' } as const;
const image = { type: 'image', media_type: 'image/png', data: 'iVBORw0KGgo=' } as const;

test('a file is readable if its data is base64', () => {
  expect([odd, { ...odd, data: '' }, image, { type: 'text', text: '' } as const].map(isReadable)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('an earlier message loses what cannot be read, and is never empty', () => {
  expect(toReadable('Hi')).toBe('Hi');
  expect(toReadable([odd, image])).toEqual([image]);
  expect(toReadable([odd])).toBe('(a file that could not be read)');
});
