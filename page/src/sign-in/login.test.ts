import { expect, test, vi } from 'vitest';
import { nobody, toHeaders, toKey, toLogin } from './login.ts';

test('one key has one name, which does not tell it, and another key has another', async () => {
  const { key, name } = await toLogin('ada-key');
  expect(key).toBe('ada-key');
  expect(name).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect((await toLogin('ada-key')).name).toBe(name);
  expect((await toLogin('eve-key')).name).not.toBe(name);
});

test.each([
  ['are not there, as on plain http', undefined],
  ['are refused', { digest: () => Promise.reject(new DOMException('No.', 'OperationError')) }],
])('where digests %s, a key has no name', async (_, subtle) => {
  vi.stubGlobal('crypto', { subtle });
  expect(await toLogin('ada-key').finally(() => vi.unstubAllGlobals())).toEqual({
    key: 'ada-key',
    name: undefined,
  });
});

test('a key goes where no URL and no log has it, and nobody has none', () => {
  expect(toHeaders({ key: 'ada-key' })).toEqual({ authorization: 'Bearer ada-key' });
  expect(toHeaders(nobody)).toEqual({});
});

test('the white space around what was pasted is not part of the key; what no header can carry is none', () => {
  expect(toKey(' a.b-c_d= \n')).toBe('a.b-c_d=');
  for (const text of ['', '  ', 'two words', '鍵', 'x'.repeat(8193)]) expect(toKey(text)).toBeUndefined();
});
