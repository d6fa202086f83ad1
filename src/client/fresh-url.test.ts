import { expect, test } from 'vitest';
import { toFreshUrl } from './fresh-url.ts';

const after = { 'last-event-id': '7-aaaaaa~1.s1' };

test('a GET has a nonce of its own, and the last id', () => {
  const url = toFreshUrl('/stream/s1?dialect=typed', { method: 'GET', headers: after });
  expect(url).toMatch(/^\/stream\/s1\?dialect=typed&after=7-aaaaaa~1.s1&nonce=[0-9a-f]{12}$/);
  const ask = { method: 'GET', headers: {} };
  expect(toFreshUrl('/caller', ask)).toMatch(/^\/caller\?nonce=[0-9a-f]{12}$/);
  expect(toFreshUrl('/caller', ask)).not.toBe(toFreshUrl('/caller', ask));
});

test('a POST has the last id only', () => {
  expect(toFreshUrl('/stream', { method: 'POST', headers: after })).toBe('/stream?after=7-aaaaaa~1.s1');
  expect(toFreshUrl('/message/s1', { method: 'POST', headers: {} })).toBe('/message/s1');
});
