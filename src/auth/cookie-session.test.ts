import { expect, test } from 'vitest';
import { ask, createTestServer } from '../server/server.fixture.ts';
import { withHeaders } from './ask.fixture.ts';
import { cookieSession, firstOf } from './index.ts';

const logins = new Map([['s3cret', 'ada']]);
const authenticate = cookieSession({ name: '__Host-sid', find: (value) => logins.get(value) });

test('a cookie authenticates its login; two cookies of one name authenticate no login', async () => {
  const as = (cookie: string) => authenticate(withHeaders({ cookie }));
  expect(await as('a=b; __Host-sid=s3cret; c=d')).toEqual({ owner: 'ada', ambient: true });
  expect(await as('__Host-sid=other')).toBeUndefined();
  expect(await as('x__Host-sid=s3cret')).toBeUndefined();
  expect(await as('__Host-sid=')).toBeUndefined();
  expect(await as('__Host-sid=s3cret; __Host-sid=other')).toBeUndefined();
  expect(await as('a=b; \u00a0__Host-sid=s3cret')).toBeUndefined();
  expect(await as('a=b;__Host-sid=s3cret')).toEqual({ owner: 'ada', ambient: true });
  expect(await authenticate(withHeaders({}))).toBeUndefined();
});

test('a request that acts by a cookie must name the page it comes from', async () => {
  const answer = async function* () {
    yield 'x';
  };
  const post = (server: Parameters<typeof ask>[0], headers: Record<string, string>) =>
    ask(server, 'POST', '/session', { headers: { cookie: '__Host-sid=s3cret', ...headers } });
  const server = createTestServer(answer, { authenticate });
  expect((await post(server, {})).status).toBe(403);
  expect((await post(server, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await post(server, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await post(server, { origin: 'http://localhost' })).status).toBe(201);
  expect((await post(server, { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  const read = await ask(server, 'GET', '/sessions', { headers: { cookie: '__Host-sid=s3cret' } });
  expect(read.status).toBe(200);
  await server.close(0);

  // The contrast: this hook reads the cookie itself and does not set `ambient`. The server then accepts a
  // request without knowing its page.
  const unaware = createTestServer(answer, {
    authenticate: (request) => (request.header('cookie') === undefined ? undefined : 'ada'),
  });
  expect((await post(unaware, {})).status).toBe(201);
  await unaware.close(0);
});

test('several ways are called in order', async () => {
  const either = firstOf(authenticate, (request) => request.header('x-user'));
  expect(await either(withHeaders({ cookie: '__Host-sid=s3cret', 'x-user': 'eve' }))).toMatchObject({
    owner: 'ada',
  });
  expect(await either(withHeaders({ 'x-user': 'eve' }))).toBe('eve');
  expect(await either(withHeaders({}))).toBeUndefined();
});
