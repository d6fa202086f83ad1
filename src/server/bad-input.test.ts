import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import { createServer } from './index.ts';
import type { Server } from './index.ts';
import { ask, createTestServer, field, readFrames } from './server.fixture.ts';

let server: Server;
let session: string;
beforeAll(async () => {
  server = createTestServer(async function* () {
    yield 'x';
  });
  session = await field(await ask(server, 'POST', '/session'), 'session_id');
});
afterAll(() => server.close(0));

const text = { headers: { 'content-type': 'text/plain' }, body: '{"content":"x"}' };
const json = (body: string) => ({ headers: { 'content-type': 'application/json' }, body });

test.each([
  ['an unknown path', 'GET', '/nowhere', {}, 404, 'not_found'],
  [
    'an unknown session',
    'POST',
    '/message/AAAAAAAAAAAAAAAAAAAAAA',
    { json: { content: 'x' } },
    404,
    'not_found',
  ],
  ['a malformed session id', 'GET', '/stream/a%20b', {}, 400, 'malformed'],
  ['a method a route does not have', 'DELETE', '/sessions', {}, 405, 'method_not_allowed'],
  ['a body that is not JSON', 'POST', '/message/:session', json('{'), 400, 'malformed'],
  ['a body that is not an object', 'POST', '/message/:session', json('[1]'), 400, 'malformed'],
  [
    'a body that is not UTF-8',
    'POST',
    '/message/:session',
    { ...json(''), body: new Uint8Array([0x7b, 0xff]) },
    400,
    'malformed',
  ],
  [
    'a body that nests too deep',
    'POST',
    '/message/:session',
    json(`{"content":${'['.repeat(100)}${']'.repeat(100)}}`),
    400,
    'malformed',
  ],
  [
    'a body that is compressed',
    'POST',
    '/message/:session',
    { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body: '{}' },
    415,
    'unsupported_type',
  ],
  ['a body without content', 'POST', '/message/:session', { json: {} }, 400, 'malformed'],
  ['an empty content', 'POST', '/message/:session', { json: { content: '' } }, 400, 'malformed'],
  [
    'an unknown on_busy',
    'POST',
    '/message/:session',
    { json: { content: 'x', on_busy: 'perhaps' } },
    400,
    'malformed',
  ],
  [
    'a seen message that is no name',
    'POST',
    '/message/:session',
    { json: { content: 'x', on_busy: 'supersede', seen: 'm'.repeat(201) } },
    400,
    'malformed',
  ],
  ['a body of another type', 'POST', '/message/:session', text, 415, 'unsupported_type'],
  [
    'a body that is too large',
    'POST',
    '/message/:session',
    { json: { content: 'x'.repeat(1_100_000) } },
    413,
    'too_large',
  ],
  [
    'a content that fits no event',
    'POST',
    '/message/:session',
    { json: { content: 'x'.repeat(300_000) } },
    413,
    'too_large',
  ],
  ['a malformed last event id', 'GET', '/stream/:session?after=yesterday', {}, 400, 'malformed'],
  ['an unknown dialect', 'GET', '/stream/:session?dialect=klingon', {}, 400, 'malformed'],
  ['a prompt that is missing', 'GET', '/stream', {}, 400, 'malformed'],
  [
    'a malformed idempotency key',
    'POST',
    '/session',
    { headers: { 'idempotency-key': 'a b' } },
    400,
    'malformed',
  ],
  ['a withdrawal of nothing', 'POST', '/withdraw/:session', { json: {} }, 400, 'malformed'],
])('%s is refused in plain words', async (_, method, path, init, status, code) => {
  const response = await ask(server, method, path.replace(':session', session), init);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const problem: unknown = await response.json();
  expect(problem).toMatchObject({ status, code, error: expect.any(String), detail: expect.any(String) });
});

test('a host name that is not this server’s is refused on every route except those for probes', async () => {
  for (const { method, path, open } of server.routes) {
    const url = `http://rebound.example${path.replace(':session', session)}?prompt=x`;
    const { status } = await server.fetch(new Request(url, { method }));
    // Without the option `probe`, the routes of `heddle doctor` are not there.
    const isProbe = /^\/health\/(stream|left)$/.test(path);
    expect(status, `${method} ${path}`).toBe(isProbe ? 404 : open ? 200 : 403);
  }
});

test('every route that acts is refused to pages of other sites', async () => {
  const acting = server.routes.filter(({ acts }) => acts);
  expect(acting.length).toBeGreaterThan(5);
  for (const { method, path } of acting) {
    const headers = { origin: 'https://evil.example' };
    const response = await ask(server, method, `${path.replace(':session', session)}?prompt=x`, { headers });
    expect(response.status, `${method} ${path}`).toBe(403);
  }
});

test('a refused body is answered with the types and encodings that are accepted', async () => {
  for (const headers of [
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/json', 'content-encoding': 'br' },
  ]) {
    const response = await ask(server, 'POST', '/session', { headers, body: '{}' });
    expect(response.status).toBe(415);
    expect(response.headers.get('accept')).toBe('application/json');
    expect(response.headers.get('accept-encoding')).toBe('identity');
  }
  const plain = { 'content-type': 'application/json', 'content-encoding': 'Identity' };
  expect((await ask(server, 'POST', '/session', { headers: plain, body: '{}' })).status).toBe(201);
});

test('a repeated creation finds the same session, and another body is refused', async () => {
  const create = (metadata: unknown) =>
    ask(server, 'POST', '/session', { json: { metadata }, headers: { 'idempotency-key': 'k' } });
  const first = await field(await create(1), 'session_id');
  expect(await field(await create(1), 'session_id')).toBe(first);
  expect((await create(2)).status).toBe(422);
});

test.each([
  ['a session', (key: string) => ask(server, 'POST', '/session', { headers: { 'idempotency-key': key } })],
  ['a one-shot stream', (key: string) => ask(server, 'GET', `/stream?prompt=hi&key=${key}`)],
])(
  'a key whose session was deleted does not create %s again, and the response says why',
  async (_, create) => {
    const made = await create('deleted');
    const id = made.headers.get('content-type')?.includes('json')
      ? await field(made, 'session_id')
      : String((await readFrames(made))[0]?.id).replace(/^.*\./, '');
    expect((await ask(server, 'DELETE', `/session/${id}`)).status).toBe(204);
    const again = await create('deleted');
    expect([again.status, await again.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'too_late', detail: expect.stringContaining('a new key') }),
    ]);
  },
);

test('a store that is out of reach or full is reported as such, with a retry time', async () => {
  for (const code of ['unavailable', 'storage_full'] as const) {
    const store = memoryStore();
    const broken = createServer({
      agent: { open: () => async function* () {} },
      store: { ...store, log: { ...store.log, append: () => Promise.reject(new RefusalError(code)) } },
    });
    const response = await ask(broken, 'POST', '/session');
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ code });
    await broken.close(0);
  }
});

test('an unforeseen error is answered without its message, and reported', async () => {
  const reported: unknown[] = [];
  const store = memoryStore();
  const broken = createServer({
    agent: { open: () => async function* () {} },
    store: { ...store, log: { ...store.log, append: () => Promise.reject(new Error('secret path')) } },
    onError: (error) => reported.push(error),
  });
  const response = await ask(broken, 'POST', '/session');
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
  expect(reported).toHaveLength(1);
  await broken.close(0);
});

test('an unknown caller is refused, and one caller’s sessions do not exist for another', async () => {
  const guarded = createTestServer(
    async function* () {
      yield 'x';
    },
    { authenticate: (request) => request.header('authorization') },
  );
  const as = (name: string, method: string, path: string) =>
    ask(guarded, method, path, { headers: { authorization: name } });
  expect((await ask(guarded, 'POST', '/session')).status).toBe(401);
  expect((await ask(guarded, 'GET', '/health')).status).toBe(200);
  const adas = await field(await as('ada', 'POST', '/session'), 'session_id');
  for (const { method, path } of guarded.routes.filter(({ path: route }) => route.includes(':session'))) {
    const body =
      method === 'POST' ? { json: { content: 'x', message_id: 'm', approval_id: 'a', decision: true } } : {};
    const answers = await Promise.all(
      [adas, 'A'.repeat(22)].map(async (id) => {
        const response = await ask(guarded, method, path.replace(':session', id), {
          ...body,
          headers: { authorization: 'eve' },
        });
        return [response.status, await response.text()];
      }),
    );
    expect(answers[0], `${method} ${path}`).toEqual(answers[1]);
    expect(answers[0]?.[0]).toBe(404);
  }
  await guarded.close(0);
});

test('invalid options are refused at creation, with the fix', () => {
  const agent = { open: () => async function* () {} };
  expect(() => createServer({ agent, store: memoryStore(), basePath: 'agent/' })).toThrow('like /agent');
  expect(() => createServer({ agent, store: memoryStore(), origins: ['example.com'] })).toThrow(
    'https://example.com',
  );
});
