import { afterEach, expect, test, vi } from 'vitest';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field } from './server.fixture.ts';
import { createWatchedStore } from '../log/watched-store.fixture.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

function serve(options: Partial<ServerOptions> = {}): Server {
  const server = createTestServer(async function* () {
    yield 'x';
  }, options);
  servers.push(server);
  return server;
}

function post(body: ReadableStream<Uint8Array> | string): Request {
  const headers = { 'content-type': 'application/json' };
  return new Request('http://localhost/session', {
    method: 'POST',
    headers,
    body,
    ...Object({ duplex: 'half' }),
  });
}

test('an upload that breaks off is the client’s error', async () => {
  const told: unknown[] = [];
  const server = serve({ onError: (error) => told.push(error) });
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"meta')),
    pull: (controller) => controller.error(new Error('reset')),
  });
  const response = await server.fetch(post(broken));
  expect([response.status, await response.json()]).toEqual([
    400,
    expect.objectContaining({ code: 'malformed', detail: 'The body ended early.' }),
  ]);
  expect(told).toEqual([]);
});

test.each([
  ['read', async (request: Request) => void (await request.text())],
  ['being read', async (request: Request) => void request.body?.getReader()],
])('a body that is %s already is reported to the operator, with the fix', async (_, spoil) => {
  const told: unknown[] = [];
  const server = serve({ onError: (error) => told.push(error) });
  const request = post('{}');
  await spoil(request);
  expect((await server.fetch(request)).status).toBe(500);
  expect(String(told[0])).toContain('request.clone()');
});

test('a body whose length is too large is refused before it is read', async () => {
  const endless = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
  const request = post(endless);
  request.headers.set('content-length', '2000000');
  expect((await serve().fetch(request)).status).toBe(413);
});

test('a long poll ends when its client leaves', async () => {
  const { store, watching } = createWatchedStore();
  const server = serve({ store });
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  const { entries }: { entries: { id: string }[] } = Object(
    await (await ask(server, 'GET', `/events/${session}`)).json(),
  );
  const gone = new AbortController();
  const url = `http://localhost/events/${session}?wait=25&after=${entries.at(-1)?.id}`;
  const polled = server.fetch(new Request(url, { signal: gone.signal }));
  await vi.waitFor(() => expect(watching()).toBe(1));
  gone.abort();
  await polled;
  expect(watching()).toBe(0);
});

test('a long poll does not delay a server that shuts down, and gets a retry time', async () => {
  const server = serve();
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  const { entries }: { entries: { id: string }[] } = Object(
    await (await ask(server, 'GET', `/events/${session}`)).json(),
  );
  const polled = ask(server, 'GET', `/events/${session}?wait=25&after=${entries.at(-1)?.id}`);
  await Promise.resolve();
  await server.close(0);
  const response = await polled;
  expect([response.status, await field(response, 'code')]).toEqual([503, 'draining']);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('HEAD is answered without a body', async () => {
  const response = await ask(serve(), 'HEAD', '/health');
  expect([response.status, response.body]).toEqual([200, null]);
});

test('a page may be any bytes: a part of a buffer, or shared memory', async () => {
  const words = new TextEncoder().encode('<h1>page</h1>');
  const shared = new Uint8Array(new SharedArrayBuffer(words.length));
  shared.set(words);
  for (const body of [words, shared.subarray(4, 8), Buffer.from('<h1>page</h1>').subarray(4, 8)]) {
    const server = serve({ page: () => ({ type: 'whole', status: 200, headers: {}, body }) });
    expect(await (await ask(server, 'GET', '/')).text()).toContain('page');
  }
});
