import { once } from 'node:events';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server, connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { defineAgent } from '../protocol/index.ts';
import type { AgentEvent, Turn } from '../protocol/index.ts';
import { createServer } from '../server/index.ts';
import type { Reply, Server, ServerOptions } from '../server/index.ts';
import { listen, pageFiles, toListener } from './index.ts';
import type { Listening } from './index.ts';
import { createWatchedStore } from '../log/watched-store.fixture.ts';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close();
});

async function setUp(
  answer: (turn: Turn) => AsyncIterable<AgentEvent>,
  options: Partial<ServerOptions> = {},
): Promise<{ server: Server; listening: Listening }> {
  const server = createServer({
    agent: defineAgent({ open: () => answer }),
    store: memoryStore(),
    gatherMs: 0,
    ...options,
  });
  const listening = await listen(server, { port: 0 });
  toClose.push(() => listening.close(0));
  return { server, listening };
}

async function* hello(): AsyncGenerator<AgentEvent> {
  yield 'hello';
}

/** Opens a raw socket and sends the head of a request. */
function request({ http }: Listening, head: string): Socket {
  const socket = connect((http.address() as AddressInfo).port, '127.0.0.1');
  toClose.push(() => socket.destroy());
  socket.write(`${head.trim().replaceAll('\n', '\r\n')}\r\n\r\n`);
  return socket;
}

async function createSession({ url }: Listening): Promise<string> {
  const body: unknown = await (await fetch(`${url}/session`, { method: 'POST' })).json();
  return String(Reflect.get(Object(body), 'session_id'));
}

test('a stream goes out with its headers, and its first bytes at once', async () => {
  const { listening } = await setUp(hello);
  const response = await fetch(`${listening.url}/stream?prompt=hi`);
  expect(response.headers.get('connection')).toBe('keep-alive');
  expect(await response.text()).toContain('data: {"content":"hello"}');
});

test.each(['FIN', 'RST'])(
  'a reader that goes away by %s frees its stream, and the turn goes on',
  async (how) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let ended = false;
    const { server, listening } = await setUp(async function* () {
      yield 'hello';
      await promise;
      yield 'still here';
      ended = true;
    });
    const socket = request(listening, 'GET /stream?prompt=hi HTTP/1.1\nHost: localhost');
    await vi.waitFor(() => expect(server.load).toEqual({ streams: 1, sessions: 1 }));
    if (how === 'FIN') socket.end();
    else socket.resetAndDestroy();
    await vi.waitFor(() => expect(server.load.streams).toBe(0));
    expect(server.load.sessions).toBe(1);
    resolve();
    await vi.waitFor(() => expect(server.load.sessions).toBe(0));
    expect(ended).toBe(true);
  },
);

test('a reader that stops reading is held to its share, does not delay others, and continues where it stopped', async () => {
  const pieces = 200;
  const piece = 'x'.repeat(50_000);
  const { listening } = await setUp(async function* () {
    for (let index = 0; index < pieces; index += 1) yield { type: 'custom', name: 'piece', data: piece };
  });
  const accepted: Socket[] = [];
  listening.http.on('connection', (socket) => accepted.push(socket));
  const session = await createSession(listening);
  const before = accepted.length;
  const stalled = request(listening, `GET /stream/${session} HTTP/1.1\nHost: localhost`);
  stalled.pause();
  await vi.waitFor(() => expect(accepted.length).toBeGreaterThan(before));
  const itsSocket = accepted.at(-1);
  await fetch(`${listening.url}/message/${session}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"content":"go"}',
  });
  const response = await fetch(`${listening.url}/stream/${session}`);
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > pieces * piece.length) break;
  }
  // The kernel buffers hold some bytes. Beyond them the server holds no more than its limit and one event.
  expect(itsSocket?.writableLength).toBeGreaterThan(0);
  expect(itsSocket?.writableLength).toBeLessThan(1024 * 1024);
  let taken = 0;
  for await (const chunk of stalled) {
    taken += (chunk as Buffer).length;
    if (taken > pieces * piece.length) break;
  }
  expect(taken).toBeGreaterThan(pieces * piece.length);
});

test('a server closes promptly while streams are open', async () => {
  const { server, listening } = await setUp(hello);
  const session = await createSession(listening);
  const sockets = Array.from({ length: 20 }, () =>
    request(listening, `GET /stream/${session} HTTP/1.1\nHost: localhost`),
  );
  for (const socket of sockets) socket.resume();
  await vi.waitFor(() => expect(server.load.streams).toBe(20));
  await listening.close(0);
  expect(server.load.streams).toBe(0);
});

test('a request that is cut in its body, or is not HTTP, does not affect others', async () => {
  const { listening } = await setUp(hello);
  const cut = request(
    listening,
    'POST /session HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: 100',
  );
  cut.write('{"meta');
  cut.resetAndDestroy();
  const noise = request(listening, 'NONSENSE');
  await new Promise((resolve) => noise.resume().on('close', resolve));
  expect((await fetch(`${listening.url}/health`)).status).toBe(200);
});

test('the same listener serves HTTP/2, without the headers that it forbids', async () => {
  const server = createServer({
    agent: defineAgent({ open: () => hello }),
    store: memoryStore(),
    gatherMs: 0,
  });
  const http2 = createHttp2Server(toListener(server));
  await new Promise<void>((resolve) => http2.listen(0, '127.0.0.1', resolve));
  const client = connectHttp2(`http://127.0.0.1:${(http2.address() as AddressInfo).port}`);
  const stream = client.request({ ':path': '/stream?prompt=hi' });
  let headers: Record<string, unknown> = {};
  stream.on('response', (received) => (headers = received));
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  expect(headers).toMatchObject({ ':status': 200, 'content-type': 'text/event-stream; charset=utf-8' });
  expect(headers).not.toHaveProperty('connection');
  expect(text).toContain('event: end');
  client.close();
  http2.close();
  await server.close(0);
});

test('the page’s files are served with a strict policy, and no other files are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-page-'));
  toClose.push(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'index-1a2b.js'), 'export {}');
  const { listening } = await setUp(hello, { page: pageFiles(folder) });
  const page = await fetch(`${listening.url}/`);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await fetch(`${listening.url}/assets/index-1a2b.js`)).headers.get('cache-control')).toContain(
    'immutable',
  );
  for (const path of ['/../package.json', '/assets/..%2f..%2fpackage.json', '/assets/']) {
    expect((await fetch(`${listening.url}${path}`)).status).toBe(404);
  }
});

test('a response that its client does not read is held for five minutes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  toClose.push(() => vi.useRealTimers());
  const answer = { type: 'whole', status: 200, headers: {}, body: 'x'.repeat(32 * 1024 * 1024) } as const;
  const http = createHttpServer(toListener({ handle: async () => answer })).listen(0, '127.0.0.1');
  toClose.push(() => http.close());
  await once(http, 'listening');
  const socket = connect((http.address() as AddressInfo).port, '127.0.0.1');
  toClose.push(() => socket.destroy());
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [, response] = await once(http, 'request');
  await vi.advanceTimersByTimeAsync(299_000);
  expect(response.destroyed).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(response.destroyed).toBe(true);
});

test('a response to a client that has left meanwhile is not held', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  toClose.push(() => vi.useRealTimers());
  const { promise, resolve } = Promise.withResolvers<Reply>();
  const http = createHttpServer(toListener({ handle: () => promise })).listen(0, '127.0.0.1');
  toClose.push(() => http.close());
  await once(http, 'listening');
  const socket = connect((http.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [, response] = await once(http, 'request');
  socket.destroy();
  await once(response, 'close');
  resolve({ type: 'whole', status: 200, headers: {}, body: 'late' });
  await promise;
  expect(vi.getTimerCount()).toBe(0);
});

test('a connection that cannot be accepted is reported, and ends no other', async () => {
  const told: unknown[] = [];
  const { listening } = await setUp(hello, { onError: (error) => told.push(error) });
  const error = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' });
  listening.http.emit('error', error);
  expect(told).toEqual([error]);
  expect((await fetch(`${listening.url}/health`)).status).toBe(200);
});

test('a long poll ends when its client leaves', async () => {
  const { store, watching } = createWatchedStore();
  const { listening } = await setUp(hello, { store });
  const session = await createSession(listening);
  const { entries }: { entries: { id: string }[] } = Object(
    await (await fetch(`${listening.url}/events/${session}`)).json(),
  );
  const after = entries.at(-1)?.id;
  const socket = request(
    listening,
    `GET /events/${session}?wait=25&after=${after} HTTP/1.1\nHost: localhost`,
  );
  await vi.waitFor(() => expect(watching()).toBe(1));
  socket.destroy();
  await vi.waitFor(() => expect(watching()).toBe(0));
});

test('a port in use is reported with Node’s error', async () => {
  const { listening } = await setUp(hello);
  const other = createServer({ agent: defineAgent({ open: () => hello }), store: memoryStore() });
  toClose.push(() => other.close(0));
  const { port } = listening.http.address() as AddressInfo;
  await expect(listen(other, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('an invalid port is refused by its name', async () => {
  const server = createServer({ agent: defineAgent({ open: () => hello }), store: memoryStore() });
  toClose.push(() => server.close(0));
  for (const port of [Number.NaN, -1, 65_536, 80.5, Infinity])
    await expect(listen(server, { port })).rejects.toThrow(`port: ${port} is not taken`);
});

test('the base path of the page without its slash redirects to the one with it', async () => {
  const page = (path: string) =>
    path === '/' ? ({ type: 'whole', status: 200, headers: {}, body: 'page' } as const) : undefined;
  const { listening } = await setUp(hello, { basePath: '/agent', page });
  const response = await fetch(`${listening.url}/agent`, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([308, './agent/']);
  expect(await (await fetch(`${listening.url}/agent`)).text()).toBe('page');
});

test.each([
  ['/agent', '/agent/'],
  ['/agent?x', '/agent/'],
  ['/team/agent', '/team/agent/'],
  ['//elsewhere.example', '//elsewhere.example/'],
  ['/\\\\elsewhere.example', '///elsewhere.example/'],
])(
  'the page below a path that a framework removed, requested as %s, redirects to %s',
  async (original, to) => {
    const page = () => ({ type: 'whole', status: 200, headers: {}, body: 'page' }) as const;
    const { server } = await setUp(hello, { page });
    const listener = toListener(server);
    const http = createHttpServer((request, response) => {
      Object.assign(request, { originalUrl: original, url: '/' });
      listener(request, response);
    }).listen(0, '127.0.0.1');
    toClose.push(() => http.close());
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}`, { redirect: 'manual' });
    expect(response.status).toBe(308);
    // As a browser resolves it. It stays on this host.
    const asked = new URL(`http://heddle.example${original}`);
    const place = new URL(response.headers.get('location') ?? '', asked);
    expect(place.href).toBe(`http://heddle.example${to}`);
  },
);
