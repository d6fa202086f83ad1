import { expect, onTestFinished, test, vi } from 'vitest';
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

test('a POST with an idempotency key has the key, too', () => {
  const ask = { method: 'POST', headers: { 'idempotency-key': 'a b&c' } };
  expect(toFreshUrl('/message/s1', ask, 'a b&c')).toBe('/message/s1?key=a%20b%26c');
  expect(toFreshUrl('http://other.example/message/s1', ask, 'k')).toContain('?key=k');
});

test('a page of another origin has the key in the header only, so that one preflight serves all POSTs', () => {
  vi.stubGlobal('location', new URL('https://page.example/chat/'));
  onTestFinished(() => void vi.unstubAllGlobals());
  const ask = { method: 'POST', headers: {} };
  expect(toFreshUrl('https://api.example/message/s1', ask, 'k')).toBe('https://api.example/message/s1');
  expect(toFreshUrl('https://page.example/message/s1', ask, 'k')).toBe(
    'https://page.example/message/s1?key=k',
  );
  expect(toFreshUrl('/message/s1', ask, 'k')).toBe('/message/s1?key=k');
});
