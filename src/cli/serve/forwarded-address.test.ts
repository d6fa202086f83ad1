import { expect, test } from 'vitest';
import type { ServerRequest } from 'heddle/server';
import { forwardedAddress } from './forwarded-address.ts';

const toRequest = (header: string): ServerRequest => ({
  method: 'GET',
  path: '/',
  query: new URLSearchParams(),
  address: '10.0.0.1',
  header: (name) => (name === 'x-forwarded-for' ? header : undefined),
  body: async () => new Uint8Array(),
});

test.each([
  ['203.0.113.9', 1, '203.0.113.9'],
  // The caller wrote the first one itself.
  ['198.51.100.1, 203.0.113.9', 1, '203.0.113.9'],
  ['198.51.100.1, 203.0.113.9, 10.0.0.2', 2, '203.0.113.9'],
  // Some proxies add the port, which differs from connection to connection.
  ['203.0.113.9:4711', 1, '203.0.113.9'],
  ['[2001:db8::1]:4711', 1, '2001:db8::1'],
  ['[2001:db8::1]', 1, '2001:db8::1'],
  ['2001:db8::1', 1, '2001:db8::1'],
  ['::ffff:203.0.113.9', 1, '::ffff:203.0.113.9'],
  // The proxy added none, or there is one proxy less than was said.
  ['', 1, '10.0.0.1'],
  ['203.0.113.9', 2, '10.0.0.1'],
])('X-Forwarded-For: "%s" behind %s proxies is the address %s', (header, proxies, address) => {
  expect(forwardedAddress(proxies).address?.(toRequest(header))).toBe(address);
});
