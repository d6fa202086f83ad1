// A stream of a session keeps only its socket. Everything else on its connection stays as HTTP wants it.
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Server, ServerOptions } from '../server/index.ts';
import { insertConnections } from './http-connections.ts';
import { listen, toListener } from './index.ts';
import type { Listening, ListenOptions } from './index.ts';
import type { StreamReply } from '../server/index.ts';
import { serveHello } from './serve.fixture.ts';

interface Served {
  readonly server: Server;
  readonly listening: Listening;
  /** The path of the stream of a session. */
  readonly path: string;
  readonly session: string;
  /** The responses of the HTTP server so far. */
  readonly responses: readonly ServerResponse[];
}

async function serve(
  options: Partial<ServerOptions> = {},
  listenOptions: ListenOptions = {},
): Promise<Served> {
  const { server } = serveHello(options);
  const listening = await listen(server, { port: 0, ...listenOptions });
  onTestFinished(() => listening.close(0));
  const body: unknown = await (await fetch(`${listening.url}/session`, { method: 'POST' })).json();
  const session = String(Reflect.get(Object(body), 'session_id'));
  const responses: ServerResponse[] = [];
  listening.http.on('request', (_, response) => responses.push(response));
  return { server, listening, session, path: `/stream/${session}`, responses };
}

/** A client that keeps what it gets. */
interface Caller {
  readonly socket: Socket;
  readonly heard: { text: string; isOver: boolean };
}

function call({ http }: Pick<Listening, 'http'>, text: string): Caller {
  return keep(connect((http.address() as AddressInfo).port, '127.0.0.1'), text);
}

function keep(socket: Socket, text: string): Caller {
  const heard = { text: '', isOver: false };
  onTestFinished(() => void socket.destroy());
  socket.setEncoding('utf8').on('data', (chunk) => (heard.text += String(chunk)));
  socket.on('error', () => {}).on('close', () => (heard.isOver = true));
  socket.write(text);
  return { socket, heard };
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;

function post(path: string, body: string): string {
  const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}`;
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}`;
}

async function say({ listening, session }: Served, content: string): Promise<void> {
  await fetch(`${listening.url}/message/${session}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content }),
  });
}

const count = (text: string, part: string): number => text.split(part).length - 1;

test('the HTTP server lets go of the stream of a session, which goes on in chunks to its end', async () => {
  const served = await serve();
  const { heard } = call(served.listening, get(served.path));
  await vi.waitFor(() => expect(heard.text).toContain('session_start'));
  await vi.waitFor(() => expect(served.responses[0]?.closed).toBe(true));
  expect(heard.text.toLowerCase()).toContain('\r\nconnection: close\r\n');
  await say(served, 'hi');
  await vi.waitFor(() => expect(heard.text).toContain('message_end'));
  expect(served.server.load.streams).toBe(1);
  await fetch(`${served.listening.url}/session/${served.session}`, { method: 'DELETE' });
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  expect(heard.text).toMatch(/\r\n0\r\n\r\n$/);
});

test('with bareStreams: false, the HTTP server keeps the stream, and its connection', async () => {
  const served = await serve({}, { bareStreams: false });
  const { heard, socket } = call(served.listening, get(served.path));
  await vi.waitFor(() => expect(heard.text).toContain('session_start'));
  expect(heard.text.toLowerCase()).toContain('\r\nconnection: keep-alive\r\n');
  await fetch(`${served.listening.url}/session/${served.session}`, { method: 'DELETE' });
  await vi.waitFor(() => expect(heard.text).toMatch(/\r\n0\r\n\r\n$/));
  expect(served.responses[0]?.writableFinished).toBe(true);
  socket.write(get('/health'));
  await vi.waitFor(() => expect(heard.text).toContain('"ok"'));
});

test('the HTTP server keeps a stream whose response other code listens to', async () => {
  const served = await serve();
  let isClosed = false;
  served.listening.http.prependListener('request', (_, response) => {
    response.on('close', () => (isClosed = true));
  });
  const { heard, socket } = call(served.listening, get(served.path));
  await vi.waitFor(() => expect(heard.text).toContain('session_start'));
  expect(isClosed).toBe(false);
  socket.destroy();
  await vi.waitFor(() => expect(isClosed).toBe(true));
  await vi.waitFor(() => expect(served.server.load.streams).toBe(0));
});

test('a request that came in one packet with that of a stream is answered after the stream', async () => {
  const served = await serve();
  const { heard } = call(served.listening, get(served.path) + get('/health', 'Connection: close\r\n'));
  await vi.waitFor(() => expect(heard.text).toContain('session_start'));
  await say(served, 'hi');
  await vi.waitFor(() => expect(heard.text).toContain('message_end'));
  await fetch(`${served.listening.url}/session/${served.session}`, { method: 'DELETE' });
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  const [first = '', second = ''] = heard.text.split(/(?<=\r\n0\r\n\r\n)/);
  expect(first.toLowerCase()).toContain('\r\nconnection: keep-alive\r\n');
  expect(second).toMatch(/^HTTP\/1\.1 200 /);
});

test('a request that comes after the head of a stream is neither handled nor answered', async () => {
  const served = await serve();
  const { heard, socket } = call(served.listening, get(served.path));
  await vi.waitFor(() => expect(heard.text).toContain('session_start'));
  socket.write(post(`/message/${served.session}`, '{"content":"pipelined"}'));
  socket.write('\0'.repeat(4 * 1024 * 1024));
  await new Promise((resolve) => socket.write('', resolve));
  await say(served, 'other');
  await vi.waitFor(() => expect(heard.text).toContain('message_end'));
  expect(heard.text).not.toContain('pipelined');
  expect(count(heard.text, 'HTTP/1.1')).toBe(1);
  await fetch(`${served.listening.url}/session/${served.session}`, { method: 'DELETE' });
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  expect(heard.text).toMatch(/\r\n0\r\n\r\n$/);
});

test('a stream follows other requests on a connection that was kept', async () => {
  const served = await serve();
  const { heard, socket } = call(served.listening, get('/health') + get('/ready'));
  await vi.waitFor(() => expect(count(heard.text, 'HTTP/1.1 200')).toBe(2));
  socket.write(post(`/message/${served.session}`, '{"content":"hi"}'));
  await vi.waitFor(() => expect(count(heard.text, 'HTTP/1.1 20')).toBe(3));
  socket.write(get(served.path));
  await vi.waitFor(() => expect(heard.text).toContain('message_end'));
  await vi.waitFor(() => expect(served.responses.at(-1)?.closed).toBe(true));
  expect(heard.isOver).toBe(false);
});

test('after a stream of one prompt, its connection serves the next request', async () => {
  const served = await serve();
  const { heard, socket } = call(served.listening, get('/stream?prompt=hi'));
  await vi.waitFor(() => expect(heard.text).toMatch(/event: end[^]*\r\n0\r\n\r\n$/));
  expect(heard.text.toLowerCase()).toContain('\r\nconnection: keep-alive\r\n');
  socket.write(get('/health'));
  await vi.waitFor(() => expect(heard.text).toContain('"ok"'));
  socket.write(get(served.path));
  await vi.waitFor(() => expect(heard.text).toContain('session_start'));
});

test.each([
  ['Connection: close', 'HTTP/1.1', 'Connection: close\r\n', true],
  ['HTTP/1.0', 'HTTP/1.0', '', false],
  ['HTTP/1.0 with keep-alive', 'HTTP/1.0', 'Connection: keep-alive\r\n', false],
])(
  'a client with %s gets its stream to the end of the connection',
  async (_, version, headers, isChunked) => {
    const served = await serve();
    for (const path of [served.path, '/stream?prompt=hi']) {
      const { heard } = call(served.listening, get(path, headers).replace('HTTP/1.1', version));
      await vi.waitFor(() =>
        expect(heard.text).toContain(path === served.path ? 'session_start' : 'event: end'),
      );
      if (path === served.path)
        await fetch(`${served.listening.url}/session/${served.session}`, { method: 'DELETE' });
      await vi.waitFor(() => expect(heard.isOver).toBe(true));
      expect(heard.text.endsWith('\r\n0\r\n\r\n')).toBe(isChunked);
      expect(heard.text.includes('chunked')).toBe(isChunked);
    }
  },
);

test('the HTTP server keeps a stream whose request has a body that is still to come', async () => {
  const served = await serve();
  const { heard, socket } = call(served.listening, get(served.path, 'Content-Length: 2\r\n'));
  await vi.waitFor(() => expect(heard.text).toContain('session_start'));
  expect(heard.text.toLowerCase()).toContain('\r\nconnection: keep-alive\r\n');
  socket.write(`{}${get('/health', 'Connection: close\r\n')}`);
  await fetch(`${served.listening.url}/session/${served.session}`, { method: 'DELETE' });
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  expect(heard.text).toContain('"ok"');
});

/** Serves one stream, in front of other code that may use the response first. */
async function serveStream(
  open: StreamReply['open'],
  before: (response: ServerResponse) => void = () => {},
): Promise<Pick<Listening, 'http'>> {
  const reply: StreamReply = { type: 'stream', status: 200, headers: {}, isLasting: true, open };
  const http = createHttpServer((_, response) => before(response));
  http.on('request', toListener({ handle: async () => reply }));
  insertConnections(http);
  http.listen(0, '127.0.0.1');
  onTestFinished(() => void http.close());
  onTestFinished(() => http.closeAllConnections());
  await once(http, 'listening');
  return { http };
}

const openAndEnd: StreamReply['open'] = (sink) => {
  sink.write('five\n');
  sink.close('end');
  return () => {};
};

test('HEAD of a stream leaves the connection to the HTTP server', async () => {
  const { heard, socket } = call(await serveStream(openAndEnd), get('/').replace('GET', 'HEAD'));
  await vi.waitFor(() => expect(heard.text.toLowerCase()).toContain('\r\nconnection: keep-alive\r\n'));
  socket.write(get('/'));
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  expect(count(heard.text, 'HTTP/1.1 200')).toBe(2);
  expect(count(heard.text, '\r\n0\r\n\r\n')).toBe(1);
});

test('the HTTP server keeps a stream whose length other code has set', async () => {
  const served = await serveStream(openAndEnd, (response) => response.setHeader('content-length', '5'));
  const { heard, socket } = call(served, get('/'));
  await vi.waitFor(() => expect(heard.text).toMatch(/\r\n\r\nfive\n$/));
  socket.write(get('/', 'Connection: close\r\n'));
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  expect(heard.text).toMatch(/\r\n\r\nfive\nHTTP[^]*\r\n\r\nfive\n$/);
});

test('a stream that fails to open closes its connection', async () => {
  const served = await serveStream(() => {
    throw new Error('It does not open.');
  });
  const { heard } = call(served, get('/'));
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  expect(heard.text).not.toContain('\r\n0\r\n\r\n');
});

test.each(['FIN', 'RST', 'FIN behind a request that is dropped'])(
  'a client that leaves by %s is noticed, and one that only waits is not',
  async (how) => {
    const served = await serve();
    const stays = call(served.listening, get(served.path));
    const { heard, socket } = call(served.listening, get(served.path));
    await vi.waitFor(() => expect(heard.text).toContain('session_start'));
    await vi.waitFor(() => expect(served.server.load.streams).toBe(2));
    if (how === 'RST') socket.resetAndDestroy();
    else socket.end(how === 'FIN' ? '' : get('/health'));
    await vi.waitFor(() => expect(served.server.load.streams).toBe(1));
    await vi.waitFor(() => expect(heard.isOver).toBe(true));
    expect(stays.heard.isOver).toBe(false);
  },
);

test('a client that closes its half with the request itself gets no stream', async () => {
  const served = await serve();
  const socket = connect((served.listening.http.address() as AddressInfo).port, '127.0.0.1');
  socket.end(get(served.path));
  await once(socket.resume(), 'close');
  await vi.waitFor(() => expect(served.server.load.streams).toBe(0));
});

test('closeAllConnections closes the streams whose sockets the HTTP server no longer has', async () => {
  const served = await serve();
  const { heard } = call(served.listening, get(served.path));
  await vi.waitFor(() => expect(served.responses[0]?.closed).toBe(true));
  served.listening.http.closeAllConnections();
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  await vi.waitFor(() => expect(served.server.load.streams).toBe(0));
});

test('a server that closes does not wait for a client that does not take its last bytes', async () => {
  const page = 'x'.repeat(32 * 1024 * 1024);
  const served = await serve({
    page: () => ({ type: 'whole', status: 200, headers: {}, body: page }),
  });
  const stream = call(served.listening, get(served.path));
  await vi.waitFor(() => expect(served.responses[0]?.closed).toBe(true));
  stream.socket.pause();
  const whole = call(served.listening, get('/'));
  whole.socket.pause();
  await vi.waitFor(() => expect(served.responses).toHaveLength(2));
  await served.listening.close(0);
  expect(served.server.load.streams).toBe(0);
});

test('a kept connection that stays silent is closed after the time of the HTTP server', async () => {
  const served = await serve();
  Object.assign(served.listening.http, { keepAliveTimeout: 20, keepAliveTimeoutBuffer: 0 });
  const { heard } = call(served.listening, get('/health'));
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  expect(heard.text).toContain('"ok"');
});

test('a large response waits for a slow client, and the next one follows it', async () => {
  const page = 'x'.repeat(16 * 1024 * 1024);
  const served = await serve({
    page: () => ({ type: 'whole', status: 200, headers: {}, body: page }),
  });
  const { heard, socket } = call(served.listening, get('/'));
  socket.pause();
  await vi.waitFor(() => expect(served.responses).toHaveLength(1));
  socket.write(get('/health', 'Connection: close\r\n'));
  socket.resume();
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  expect(heard.text).toContain(`\r\n\r\n${page}HTTP/1.1 200 `);
});

test('a stream behind a response that its client has not taken is complete and in order', async () => {
  const page = 'x'.repeat(8 * 1024 * 1024);
  const served = await serve({
    page: () => ({ type: 'whole', status: 200, headers: {}, body: page }),
  });
  const { heard, socket } = call(served.listening, get('/') + get(served.path));
  socket.pause();
  await vi.waitFor(() => expect(served.server.load.streams).toBe(1));
  socket.resume();
  await vi.waitFor(() => expect(heard.text.slice(-1_000)).toContain('session_start'));
  expect(heard.text).toContain(`\r\n\r\n${page}HTTP/1.1 200 `);
  await say(served, 'hi');
  await vi.waitFor(() => expect(heard.text.slice(-1_000)).toContain('message_end'));
});

test('what is not HTTP is answered with 400, and closes its connection alone', async () => {
  const served = await serve();
  const stream = call(served.listening, get(served.path));
  const { heard } = call(served.listening, 'NONSENSE\r\n\r\n');
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  expect(heard.text).toContain('HTTP/1.1 400');
  await say(served, 'hi');
  await vi.waitFor(() => expect(stream.heard.text).toContain('message_end'));
});

test('a connection knows the addresses of its socket', async () => {
  const addresses: unknown[] = [];
  const served = await serve({
    authenticate: ({ address }) => {
      addresses.push(address);
      return { owner: 'ada' };
    },
  });
  await fetch(`${served.listening.url}/sessions`);
  expect(addresses).toContain('127.0.0.1');
});

test('other code may take a connection by an upgrade', async () => {
  const served = await serve();
  served.listening.http.on('upgrade', (_, connection, head) => {
    connection.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n');
    connection.write(head);
    connection.pipe(connection);
  });
  const upgrade = 'Connection: upgrade\r\nUpgrade: echo\r\n';
  const { heard, socket } = call(served.listening, `${get('/', upgrade)}one `);
  socket.write('two ');
  await vi.waitFor(() => expect(heard.text).toMatch(/101[^]*\r\n\r\none two $/));
  socket.end('three');
  await vi.waitFor(() => expect(heard.isOver).toBe(true));
  expect(heard.text).toMatch(/one two three$/);
});

test('a server that does not take its connections from its own event is left as it is', () => {
  const http = createHttpServer();
  http.removeAllListeners('connection');
  expect(insertConnections(http)).toBe(false);
  expect(http.listenerCount('request')).toBe(0);
});

test('over TLS, a stream and its connection stay with the HTTP server', async () => {
  const psk = { psk: Buffer.from('a key of both'), identity: 'client' };
  const tls = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;
  const { server } = serveHello();
  const http = createHttpsServer({ ...tls, pskCallback: () => psk.psk }, toListener(server));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => void http.close());
  onTestFinished(() => http.closeAllConnections());
  const { port } = http.address() as AddressInfo;
  const socket = connectTls({ ...tls, port, pskCallback: () => psk, checkServerIdentity: () => undefined });
  const { heard } = keep(socket, post('/session', '{}'));
  await vi.waitFor(() => expect(heard.text).toContain('session_id'));
  const session = /"session_id":"([^"]+)"/.exec(heard.text)?.[1] ?? '';
  socket.write(get(`/stream/${session}`));
  await vi.waitFor(() => expect(heard.text).toContain('session_start'));
  expect(heard.text.toLowerCase()).not.toContain('connection: close');
  socket.end();
  await vi.waitFor(() => expect(server.load.streams).toBe(0));
});
