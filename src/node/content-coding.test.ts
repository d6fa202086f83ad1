import { expect, test } from 'vitest';
import { chooseCoding } from './content-coding.ts';

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  ['br;q=0.8, gzip;q=0.9', 'gzip'],
  ['gzip;q=0.5, br;q=0.5', 'br'],
  ['gzip ; Q=1.000 , br;q=0', 'gzip'],
  ['identity', 'identity'],
  ['identity, gzip;q=0.5', 'identity'],
  // A client that names a coding prefers it to one that it does not name.
  ['gzip;q=0.001', 'gzip'],
  ['deflate', 'identity'],
  ['*', 'br'],
  ['*;q=0.5, gzip', 'gzip'],
  ['br;q=0, *', 'gzip'],
  ['gzip, *;q=0', 'gzip'],
  ['identity;q=0', undefined],
  ['*;q=0', undefined],
  ['identity;q=0, br', 'br'],
  ['*;q=0, identity', 'identity'],
  ['br;q=0, gzip;q=0', 'identity'],
  // An item that cannot be read allows nothing.
  ['br;q=2', 'identity'],
  ['br;q=x, gzip', 'gzip'],
  ['br;level=1', 'identity'],
  ['gzip;q=0.1234', 'identity'],
  [',, ,gzip,', 'gzip'],
])('of Accept-Encoding: %s, the coding is %s', (accepted, coding) => {
  expect(chooseCoding(accepted, ['br', 'gzip', 'identity'])).toBe(coding);
});

test('a coding that there is not is not chosen', () => {
  expect(chooseCoding('br, gzip', ['gzip', 'identity'])).toBe('gzip');
  expect(chooseCoding('br, gzip', ['identity'])).toBe('identity');
  expect(chooseCoding('br, identity;q=0', ['identity'])).toBeUndefined();
});
