import { expect, test } from 'vitest';
import { measureBundle } from './measure-bundle.ts';

test('what a page loads of the client stays within its limit, in bytes with brotli', async () => {
  expect((await measureBundle('client', ['createClient'])).brotli).toBeLessThanOrEqual(9_200);
});

test('code that is loaded on demand counts only if it is asked for', async () => {
  const { files } = await measureBundle('client', ['createClient']);
  expect([...files.keys()]).toContain('client/keep-trying.ts');
  expect([...files.keys()].filter((file) => /poll-entries|shared\//.test(file))).toEqual([]);
  const all = await measureBundle('client', ['createClient'], { withLazy: true });
  expect([...all.files.keys()]).toContain('client/poll-entries.ts');
});
