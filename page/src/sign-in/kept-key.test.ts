import { expect, test } from 'vitest';
import { createKeptKey } from './kept-key.ts';

test('where storage is turned off nothing is kept, and nothing breaks', () => {
  const kept = createKeptKey('key', () => {
    throw new DOMException('Access is denied.', 'SecurityError');
  });
  kept.keep('ada-key');
  expect(kept.read()).toBeUndefined();
  kept.forget();
});
