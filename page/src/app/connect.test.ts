import { afterEach, expect, test, vi } from 'vitest';
import { createLoginStore } from '../sign-in/login-store.ts';
import type { LoginStore } from '../sign-in/login-store.ts';
import { connect } from './connect.ts';

const url = 'https://a.example';
const kept = { read: () => undefined, keep: () => {}, forget: () => {} };

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Signs in against a server that answers with a status. `asked` holds the keys that the server received. */
async function setUp(status: number): Promise<{ readonly logins: LoginStore; readonly asked: unknown[] }> {
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', (_: string, { headers }: { readonly headers: Record<string, string> }) => {
    asked.push(headers['authorization']);
    const codes: Readonly<Record<number, string>> = {
      401: 'unauthorized',
      403: 'forbidden_host',
      404: 'not_found',
    };
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    const body = { sessions: [], code: codes[status] };
    return Promise.resolve(Response.json(body, { status, headers: { 'content-type': type } }));
  });
  const logins = createLoginStore({ kept, url, onSignOut: () => {} });
  await logins.signIn('ada-key');
  return { logins, asked };
}

test('a request carries the key and leaves the login unchanged', async () => {
  const { logins, asked } = await setUp(200);
  const before = logins.get();
  await connect(url, before.login, logins).client.sessions();
  expect(asked).toEqual(['Bearer ada-key']);
  expect(logins.get()).toBe(before);
  logins.signOut();
});

test('the first 401 is final and asks for a sign-in; a 403 and a 404 do not', async () => {
  for (const status of [401, 403, 404]) {
    const { logins, asked } = await setUp(status);
    const { client } = connect(url, logins.get().login, logins);
    await expect(client.sessions()).rejects.toMatchObject({ status });
    expect(asked).toHaveLength(1);
    expect(logins.get().asked).toBe(status === 401 ? 'again' : undefined);
    logins.signOut();
  }
});

test('after a sign-out nothing is sent for the old login, even when another user signs in', async () => {
  const { logins, asked } = await setUp(200);
  const { client } = connect(url, logins.get().login, logins);
  logins.signOut();
  await expect(client.create()).rejects.toMatchObject({ status: 401 });
  await logins.signIn('eve-key');
  await expect(client.create()).rejects.toMatchObject({ status: 401 });
  expect(asked).toEqual([]);
  expect(logins.get().asked).toBeUndefined();
  logins.signOut();
});

test('with a key tabs share under its name, without one under the owner that the server names', async () => {
  const { logins } = await setUp(200);
  const { login } = logins.get();
  expect(connect(url, login, logins).options.shared).toBe(login.name);
  logins.signOut();
  expect(connect(url, logins.get().login, logins).options.shared).toBe(true);
});

test('a short message is sent even when its tab closes', async () => {
  const inits: RequestInit[] = [];
  const { logins } = await setUp(200);
  const { client } = connect(url, logins.get().login, logins);
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    inits.push(init);
    return Promise.resolve(
      Response.json({ session_id: 's', message_id: 'm', turn_id: 't', id: '2-aaaaaa', sessions: [] }),
    );
  });
  await client.begin('hello');
  await client.begin('x'.repeat(10_000));
  await client.sessions();
  expect(inits.map(({ keepalive }) => keepalive)).toEqual([true, false, false]);
  logins.signOut();
});
