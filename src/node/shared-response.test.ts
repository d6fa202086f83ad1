// Heddle is mounted behind middleware that answers, ends or destroys a response itself, at any time.
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { createServer as createHttp2Server, connect as connectHttp2 } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Reply, ServerRequest, Server } from '../server/index.ts';
import { toListener } from './index.ts';
import type { Next } from './index.ts';
import { exchange, serveHello } from './serve.fixture.ts';

type Middleware = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves behind a middleware. */
async function mount(
  server: Pick<Server, 'handle'> & Partial<Server>,
  before: Middleware,
  next?: Next,
): Promise<{ http: HttpServer; url: string }> {
  const listener = toListener(server);
  const http = createHttpServer((request, response) => {
    before(request, response);
    listener(request, response, next);
  });
  http.listen(0, '127.0.0.1');
  onTestFinished(() => void http.close());
  onTestFinished(() => http.closeAllConnections());
  await once(http, 'listening');
  return { http, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

/** A server that answers when the test calls `answer`. */
function late(): {
  server: Pick<Server, 'handle'> & { tell: (error: unknown) => void };
  told: unknown[];
  answer: (reply: Reply) => void;
} {
  const { promise, resolve } = Promise.withResolvers<Reply>();
  const told: unknown[] = [];
  return { server: { handle: () => promise, tell: (error) => told.push(error) }, told, answer: resolve };
}

const whole: Reply = { type: 'whole', status: 200, headers: { 'x-heddle': 'yes' }, body: 'late' };

/** Creates a stream that records whether it was opened and stopped. */
function streamed(): { answer: Reply; seen: string[] } {
  const seen: string[] = [];
  const reply: Reply = {
    type: 'stream',
    status: 200,
    headers: {},
    open: (sink) => {
      seen.push('opened');
      sink.write('late');
      return () => seen.push('stopped');
    },
  };
  return { answer: reply, seen };
}

test.each<[string, Middleware]>([
  ['answered', (_, response) => response.writeHead(503).end('timed out')],
  [
    'sent the head of a response',
    (_, response) => void response.writeHead(503, { 'content-length': '9' }).write('timed '),
  ],
  ['destroyed the response', (_, response) => void setImmediate(() => response.destroy())],
])(
  'when a middleware has %s already, a later reply is dropped, and a stream does not count',
  async (_, before) => {
    for (const [reply, expected] of [
      [whole, []],
      [streamed().answer, []],
    ] as const) {
      const { server, told, answer } = late();
      const { promise: response, resolve } = Promise.withResolvers<ServerResponse>();
      const { url } = await mount(server, (request, each) => {
        before(request, each);
        resolve(each);
      });
      const asked = fetch(url).then(
        ({ status }) => status,
        () => 'gone',
      );
      const taken = await response;
      await vi.waitFor(() => expect(taken.headersSent || taken.destroyed).toBe(true));
      answer(reply);
      if (taken.headersSent && !taken.writableEnded) taken.end('out');
      expect([503, 'gone']).toContain(await asked);
      expect(told).toEqual(expected);
    }
  },
);

test('a stream for a response that was already answered is opened and stopped', async () => {
  const { server, told, answer } = late();
  const { url } = await mount(server, (_, response) => response.end('mine'));
  expect(await (await fetch(url)).text()).toBe('mine');
  const { answer: stream, seen } = streamed();
  answer(stream);
  await vi.waitFor(() => expect(seen).toEqual(['opened', 'stopped']));
  expect(told).toEqual([]);
});

test('a reply for a response that was already answered does not go on to the next middleware', async () => {
  const { server, answer } = late();
  const next = vi.fn<Next>();
  const { url } = await mount(server, (_, response) => response.end('mine'), next);
  await (await fetch(url)).text();
  answer({ type: 'whole', status: 404, headers: {}, unrouted: true });
  await Promise.resolve();
  expect(next).not.toHaveBeenCalled();
});

test('a stream that a middleware ends writes nothing into the next response', async () => {
  const { promise, resolve } = Promise.withResolvers<(text: string) => void>();
  const seen: string[] = [];
  const server = {
    handle: async ({ path }: ServerRequest): Promise<Reply> => ({
      type: 'stream',
      status: 200,
      headers: {},
      open: (sink) => {
        sink.write(path);
        if (path === '/next') sink.close('end');
        resolve((text) => {
          sink.write(text);
          sink.drained(() => seen.push('drained'));
          sink.close('end');
        });
        return () => {};
      },
    }),
  };
  const { http } = await mount(server, (request, response) => {
    if (request.url === '/next') return;
    void promise.then((write) => {
      response.end('ended');
      write('second');
    });
  });
  const asked = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const text = await exchange(
    http,
    `${asked}${asked.replace('/ ', '/next ').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`,
  );
  const [, first = '', second = ''] = text.split('HTTP/1.1 200 OK');
  expect(first).toContain('ended');
  expect(first).toMatch(/\r\n0\r\n\r\n$/);
  expect(second).toContain('/next');
  expect(text).not.toContain('second');
  expect(seen).toContain('drained');
});

test.each<[string, (response: ServerResponse) => void]>([
  ['write', (response) => void (response.write = fail)],
  ['writeHead', (response) => void (response.writeHead = fail)],
  ['setHeader', (response) => void (response.setHeader = fail)],
  ['end', (response) => void (response.end = fail)],
])('a response whose %s throws, as that of a middleware may, does not end the process', async (_, spoil) => {
  const { server } = serveHello();
  const { url } = await mount(server, (_request, response) => spoil(response));
  for (const path of ['/health', '/stream?prompt=hi', '/nowhere'])
    await fetch(url + path)
      .then((response) => response.text())
      .catch(() => 'gone');
  await vi.waitFor(() => expect(server.load.streams).toBe(0));
});

function fail(): never {
  throw new Error('The middleware failed.');
}

test.each<[string, Reply]>([
  ['a header that cannot be sent', { ...whole, headers: { 'x-broken': 'a\nb' } }],
  ['an invalid status', { ...whole, status: 99 }],
])('a reply with %s is reported, and becomes a 500', async (_, reply) => {
  const { server, told } = serveHello({ page: () => reply });
  const { url } = await mount(server, () => {});
  expect((await fetch(url)).status).toBe(500);
  expect((await server.fetch(new Request('http://localhost/'))).status).toBe(500);
  expect(told).toHaveLength(2);
});

test('over HTTP/2, a client that leaves before the response does not end the process', async () => {
  const { server, told, answer } = late();
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const listener = toListener(server);
  const http = createHttp2Server((request, response) => {
    listener(request, response);
    resolve();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void http.close());
  await once(http, 'listening');
  const client = connectHttp2(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  client.request({ ':path': '/' }).on('error', () => {});
  await reached;
  client.destroy();
  await once(client, 'close');
  answer(whole);
  await Promise.resolve();
  expect(told).toEqual([]);
});
