import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { withHeaders } from './ask.fixture.ts';
import { apiKeys } from './index.ts';

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');

test('a key authenticates its owner, in either header, and no other text does', async () => {
  const authenticate = apiKeys({ ada: sha256('ada-key'), ops: sha256('ops-key') }, { admins: ['ops'] });
  const as = (headers: Record<string, string>) => authenticate(withHeaders(headers));
  expect(await as({ authorization: 'Bearer ada-key' })).toMatchObject({ owner: 'ada' });
  expect(await as({ authorization: 'bearer ada-key' })).toMatchObject({ owner: 'ada' });
  expect(await as({ 'x-api-key': 'ops-key' })).toMatchObject({ owner: 'ops', admin: true });
  expect(await as({ authorization: 'Bearer ada-key' })).not.toHaveProperty('admin');
  for (const wrong of ['Bearer ada-kez', 'Bearer ada-key ', 'Basic ada-key', 'Bearer', 'ada-key']) {
    expect(await as({ authorization: wrong }), wrong).toBeUndefined();
  }
  expect(await as({ authorization: `Bearer ${sha256('ada-key')}` })).toBeUndefined();
  expect(await as({})).toBeUndefined();
});

test('an owner may have two keys, each with a credential name that does not reveal it', async () => {
  const authenticate = apiKeys({ ada: [sha256('old'), sha256('new').toUpperCase()] });
  const [old, fresh] = await Promise.all(
    ['old', 'new'].map(async (key) => authenticate(withHeaders({ 'x-api-key': key }))),
  );
  expect(old).toMatchObject({ owner: 'ada', credential: `key-${sha256('old').slice(0, 12)}` });
  expect(fresh).toMatchObject({ owner: 'ada', credential: `key-${sha256('new').slice(0, 12)}` });
});

test('invalid keys are refused at creation', () => {
  expect(() => apiKeys({ ada: 'ada-key' })).toThrow('not a SHA-256');
  expect(() => apiKeys({ '': sha256('a') })).toThrow('needs a name');
  expect(() => apiKeys({ ada: sha256('a'), eve: sha256('a') })).toThrow('two owners');
});
