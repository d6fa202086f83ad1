import { expect, test, vi } from 'vitest';
import { nobody, toHeaders, toKey, toLogin } from './login.ts';

test('each key has its own name, which does not reveal the key', async () => {
  const { key, name } = await toLogin('ada-key');
  expect(key).toBe('ada-key');
  expect(name).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect((await toLogin('ada-key')).name).toBe(name);
  expect((await toLogin('eve-key')).name).not.toBe(name);
});

test.each([
  ['are not there, as on plain http', undefined],
  ['are refused', { digest: () => Promise.reject(new DOMException('No.', 'OperationError')) }],
])('when digests %s, a key has no name', async (_, subtle) => {
  vi.stubGlobal('crypto', { subtle });
  expect(await toLogin('ada-key').finally(() => vi.unstubAllGlobals())).toEqual({
    key: 'ada-key',
    name: undefined,
  });
});

test('a key goes into a header, and without a login there is no header', () => {
  expect(toHeaders({ key: 'ada-key' })).toEqual({ authorization: 'Bearer ada-key' });
  expect(toHeaders(nobody)).toEqual({});
});

test('white space around a key is removed, and text that no header can carry is no key', () => {
  expect(toKey(' a.b-c_d= \n')).toBe('a.b-c_d=');
  for (const text of ['', '  ', 'two words', '鍵', 'x'.repeat(8193)]) expect(toKey(text)).toBeUndefined();
});
