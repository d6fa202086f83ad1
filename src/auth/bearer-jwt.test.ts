import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, UnsecuredJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { withHeaders } from './ask.fixture.ts';
import { bearerJwt } from './index.ts';

const issuer = 'https://issuer.example';
const audience = 'heddle';
const [pair, other] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' };
let isUp = true;
const issuing = createServer((_, response) => {
  response.statusCode = isUp ? 200 : 500;
  response.end(JSON.stringify({ keys: [jwk] }));
});
await new Promise<void>((resolve) => issuing.listen(0, '127.0.0.1', resolve));
const jwks = `http://127.0.0.1:${(issuing.address() as AddressInfo).port}/jwks`;
afterAll(() => new Promise((resolve) => issuing.close(resolve)));

interface Change {
  readonly claims?: Record<string, unknown>;
  readonly key?: CryptoKey | Uint8Array;
  readonly alg?: string;
}

function sign({ claims = {}, key = pair.privateKey, alg = 'ES256' }: Change = {}): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 60;
  return new SignJWT({ iss: issuer, aud: audience, sub: 'ada', exp, ...claims })
    .setProtectedHeader({ alg, kid: 'k1' })
    .sign(key);
}

const bearer = (token: string) => withHeaders({ authorization: `Bearer ${token}` });

test('a token of the issuer, for this audience, authenticates its subject until it expires', async () => {
  const authenticate = await bearerJwt({ issuer, audience, jwks, isAdmin: ({ role }) => role === 'ops' });
  const exp = Math.floor(Date.now() / 1000) + 120;
  const shown = await authenticate(bearer(await sign({ claims: { exp, jti: 't1' } })));
  expect(shown).toEqual({ owner: 'ada', expiresAt: exp * 1000, credential: 't1' });
  expect(await authenticate(bearer(await sign({ claims: { role: 'ops' } })))).toMatchObject({ admin: true });
});

test.each<[string, Change]>([
  ['another issuer', { claims: { iss: 'https://evil.example' } }],
  ['another audience', { claims: { aud: 'other' } }],
  ['no audience', { claims: { aud: undefined } }],
  ['a time that is over', { claims: { exp: Math.floor(Date.now() / 1000) - 60 } }],
  ['no expiry', { claims: { exp: undefined } }],
  ['a time that has not come', { claims: { nbf: Math.floor(Date.now() / 1000) + 600 } }],
  ['no subject', { claims: { sub: undefined } }],
  ['an empty subject', { claims: { sub: '' } }],
  ['another key', { key: other.privateKey }],
])('a token with %s authenticates no caller', async (_, change) => {
  const authenticate = await bearerJwt({ issuer, audience, jwks });
  expect(await authenticate(bearer(await sign(change)))).toBeUndefined();
});

test('tokens without a signature, or signed with the public key as a secret, authenticate no caller', async () => {
  const authenticate = await bearerJwt({ issuer, audience, jwks: { keys: [jwk] } });
  const unsigned = new UnsecuredJWT({ sub: 'ada' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('1m')
    .encode();
  const published = new TextEncoder().encode(await exportSPKI(pair.publicKey));
  for (const token of [unsigned, await sign({ key: published, alg: 'HS256' }), 'a.b.c', 'x']) {
    expect(await authenticate(bearer(token))).toBeUndefined();
  }
  expect(await authenticate(bearer(await sign()))).toMatchObject({ owner: 'ada' });
});

test('a shared secret signs with HS256 and nothing else', async () => {
  const secret = 'x'.repeat(32);
  const key = new TextEncoder().encode(secret);
  const authenticate = await bearerJwt({ issuer, audience, secret });
  expect(await authenticate(bearer(await sign({ key, alg: 'HS256' })))).toMatchObject({ owner: 'ada' });
  expect(await authenticate(bearer(await sign({ key, alg: 'HS512' })))).toBeUndefined();
});

test('while the keys cannot be fetched, requests get 503 and not 401', async () => {
  isUp = false;
  const authenticate = await bearerJwt({ issuer, audience, jwks });
  await expect(authenticate(bearer(await sign()))).rejects.toMatchObject({ code: 'unavailable' });
  isUp = true;
  expect(await authenticate(bearer(await sign()))).toMatchObject({ owner: 'ada' });
});

test('options that leave a token unchecked are refused', async () => {
  const refused: readonly (readonly [Partial<Parameters<typeof bearerJwt>[0]>, string])[] = [
    [{}, 'either jwks or secret'],
    [{ jwks, secret: 'x'.repeat(32) }, 'either jwks or secret'],
    [{ jwks, audience: '' }, 'must both be given'],
    [{ jwks: 'http://issuer.example/jwks' }, 'https'],
    [{ jwks: 'http://127.issuer.example/jwks' }, 'https'],
    [{ secret: 'short' }, '32 bytes'],
    [{ jwks, algorithms: ['RS256', 'HS256'] }, 'HS256'],
    [{ jwks, algorithms: ['none'] }, 'none'],
    [{ jwks, algorithms: [] }, 'none'],
  ];
  for (const [change, words] of refused) {
    await expect(bearerJwt({ issuer, audience, ...change }), words).rejects.toThrow(words);
  }
});
