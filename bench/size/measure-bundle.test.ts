import { expect, test } from 'vitest';
import * as wire from 'heddle/wire';
import { measureBundle } from './measure-bundle.ts';

test('what a page loads of Heddle stays within its limits, in bytes with brotli', async () => {
  expect((await measureBundle('wire', Object.keys(wire))).brotli).toBeLessThanOrEqual(2_050);
  expect((await measureBundle('client', ['createClient'])).brotli).toBeLessThanOrEqual(10_300);
});

test('code that is loaded on demand counts only if it is asked for', async () => {
  const { files } = await measureBundle('client', ['createClient']);
  expect([...files.keys()]).toContain('client/keep-trying.ts');
  expect([...files.keys()].filter((file) => /poll-entries|shared\//.test(file))).toEqual([]);
  const all = await measureBundle('client', ['createClient'], { withLazy: true });
  expect([...all.files.keys()]).toContain('client/poll-entries.ts');
});
