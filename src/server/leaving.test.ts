// Readers that leave, stall or connect at the wrong moment, over the fetch adapter and real sockets.
import { createServer as createHttp2Server, connect as connectHttp2 } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { toListener } from '../node/index.ts';
import type { AgentEvent, Turn } from '../protocol/index.ts';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field, readFrames } from './server.fixture.ts';

const toClose: (() => unknown)[] = [];
const failures: unknown[] = [];
process.on('unhandledRejection', (error) => failures.push(error));
process.on('uncaughtException', (error) => failures.push(error));
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close();
  expect(failures.splice(0)).toEqual([]);
});

async function setUp(
  answer: (turn: Turn) => AsyncIterable<AgentEvent>,
  options: Partial<ServerOptions> = {},
) {
  const server = createTestServer(answer, options);
  toClose.push(() => server.close(0));
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  return { server, session };
}

async function* floods(): AsyncGenerator<AgentEvent> {
  for (let index = 0; index < 100; index += 1)
    yield { type: 'custom', name: 'piece', data: 'x'.repeat(50_000) };
}

async function* thinks({ signal }: Turn): AsyncGenerator<AgentEvent> {
  yield 'thinking';
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

const send = (server: Server, session: string) =>
  ask(server, 'POST', `/message/${session}`, { json: { content: 'go' } });
const beat = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a slow fetch client that leaves is dropped at once, and no keepalive fails for it', async () => {
  const { server, session } = await setUp(floods, { keepaliveMs: 20 });
  await send(server, session);
  const response = await ask(server, 'GET', `/stream/${session}`);
  await vi.waitFor(() => expect(server.load.sessions).toBe(0));
  await response.body?.cancel();
  expect(server.load.streams).toBe(0);
  await beat(60);
});

test('a stalled reader is dropped when its stream reaches its maximum age, and may leave after that', async () => {
  const { server, session } = await setUp(floods, { maxAgeMs: 50 });
  await send(server, session);
  const response = await ask(server, 'GET', `/stream/${session}`);
  await vi.waitFor(() => expect(server.load).toEqual({ streams: 0, sessions: 0 }));
  await expect(response.text()).rejects.toThrow('cut');
});

test('a request that is aborted ends its stream', async () => {
  const { server, session } = await setUp(thinks);
  const aborter = new AbortController();
  await ask(server, 'GET', `/stream/${session}`, { signal: aborter.signal });
  expect(server.load.streams).toBe(1);
  aborter.abort();
  expect(server.load.streams).toBe(0);
});

test('while the server shuts down no stream is opened', async () => {
  const { server, session } = await setUp(thinks);
  await send(server, session);
  const closed = server.close(200);
  expect((await ask(server, 'GET', `/stream/${session}`)).status).toBe(503);
  await closed;
  expect(server.load).toEqual({ streams: 0, sessions: 0 });
});

test.each(['named', 'typed'])(
  'a one-shot stream that is over and has lost its reader’s place sends a resync, and ends for good, in dialect %s',
  async (dialect) => {
    const { server } = await setUp(async function* () {
      yield 'word';
    });
    const path = `/stream?dialect=${dialect}&prompt=hi`;
    const frames = await readFrames(await ask(server, 'GET', path));
    const session = frames[0]?.id.split('.')[1];
    for (const id of [`999-AAAAAA.${session}`, `2-AAAAAA.${session}`]) {
      const again = await readFrames(await ask(server, 'GET', path, { headers: { 'last-event-id': id } }));
      expect(again.map(({ event, data }) => [event, (JSON.parse(data) as { type?: string }).type])).toEqual(
        dialect === 'named'
          ? [
              ['resync', 'resync'],
              ['end', undefined],
            ]
          : [
              ['message', 'resync'],
              ['message', 'end'],
            ],
      );
      const last = await ask(server, 'GET', path, { headers: { 'last-event-id': again.at(-1)?.id ?? '' } });
      expect(last.status).toBe(204);
    }
  },
);

async function http2(server: Server): Promise<ReturnType<typeof connectHttp2>> {
  const listener = createHttp2Server(toListener(server));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const client = connectHttp2(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`);
  toClose.push(() => {
    client.destroy();
    listener.close();
  });
  return client;
}

test('over HTTP/2 a stream that is cut in mid-turn does not end like a whole one', async () => {
  const { server, session } = await setUp(thinks);
  await send(server, session);
  const stream = (await http2(server)).request({ ':path': `/stream/${session}` });
  const failed = new Promise((resolve) => stream.on('error', resolve));
  await vi.waitFor(() => expect(server.load.streams).toBe(1));
  stream.resume();
  void server.close(0);
  expect(String(await failed)).toContain('INTERNAL_ERROR');
});

test('over HTTP/2 a reader that leaves before the response leaves no stream open', async () => {
  const gate = Promise.withResolvers<string>();
  const { server } = await setUp(thinks, {
    authenticate: (request) => (request.path === '/stream' ? gate.promise : 'anonymous'),
  });
  const stream = (await http2(server)).request({ ':path': '/stream?prompt=hi' });
  stream.on('error', () => {});
  await beat(50);
  stream.close(8);
  await beat(50);
  gate.resolve('anonymous');
  await vi.waitFor(() => expect(server.load.sessions).toBe(1));
  expect(server.load.streams).toBe(0);
});

test('a path that only resolves to a route is not that route', async () => {
  const { server, session } = await setUp(thinks);
  const handle = (path: string) =>
    server.handle({
      method: 'GET',
      path,
      query: new URLSearchParams(),
      header: (name) => (name === 'host' ? 'localhost' : undefined),
      body: async () => new Uint8Array(),
    });
  expect((await handle('/sessions')).status).toBe(200);
  for (const path of [
    '//x/sessions',
    '/a/../sessions',
    '/nothing/%2e%2e/sessions',
    '/sessions/',
    'http://localhost/sessions',
  ]) {
    expect((await handle(path)).status, path).not.toBe(200);
  }
  expect((await handle(`/session/${session}`)).status).toBe(200);
});

test('a withdrawal that is sent twice with one key gets the same response twice', async () => {
  const { server, session } = await setUp(thinks);
  await send(server, session);
  const message_id = await field(await send(server, session), 'message_id');
  const take = () =>
    ask(server, 'POST', `/withdraw/${session}`, {
      json: { message_id },
      headers: { 'idempotency-key': 'k' },
    });
  expect([(await take()).status, (await take()).status]).toEqual([202, 202]);
});

test('a wrong method is refused with the methods of the path, and open routes answer HEAD', async () => {
  const { server } = await setUp(thinks);
  const response = await ask(server, 'DELETE', '/stream');
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  expect((await ask(server, 'HEAD', '/health')).status).toBe(200);
  expect((await ask(server, 'HEAD', '/stream?prompt=hi')).status).toBe(405);
  expect((await ask(server, 'GET', '/sessions?before=abc')).status).toBe(400);
});
