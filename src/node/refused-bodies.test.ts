// Requests that are refused while their body arrives. The response must reach clients that first send all.
import { once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Rate, ServerOptions } from '../server/index.ts';
import { createCertificate } from './certificate.fixture.ts';
import { listen } from './index.ts';
import type { Listening } from './index.ts';
import { serveHello } from './serve.fixture.ts';

const mebibyte = 1024 * 1024;

async function serve(
  options: Partial<ServerOptions> = {},
  tls?: { cert: string; key: string },
): Promise<Listening> {
  const { server } = serveHello(options);
  const listening = await listen(server, { port: 0, ...(tls && { tls }) });
  onTestFinished(() => listening.close(0));
  return listening;
}

const portOf = ({ http }: Listening): number => (http.address() as AddressInfo).port;

/** Opens a connection that reads nothing until it is told to. */
async function open(listening: Listening): Promise<Socket> {
  const socket = connect(portOf(listening), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/**
 * Writes in pieces, each when the one before has left. Rejects if the connection breaks: most clients then do
 * not read what has arrived.
 */
async function write(socket: Duplex, bytes: number): Promise<void> {
  const piece = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < bytes; sent += piece.length)
    await new Promise<void>((resolve, reject) =>
      socket.write(piece, (error) => (error ? reject(error) : resolve())),
    );
}

/** Reads to the end. Rejects if the connection was reset. */
async function read(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

const toHead = (length: string, ...more: string[]): string =>
  [
    'POST /session HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    length,
    ...more,
    '',
    '',
  ].join('\r\n');

const large = `Content-Length: ${3 * mebibyte}`;
const noRequests: Rate = {
  of: 'requests',
  per: 'address',
  limiter: { consume: () => Promise.reject({ msBeforeNext: 1_000 }) },
};
/** Each early refusal: its status, the head of the request, and the options of the server. */
const refusals: Readonly<
  Record<string, readonly [status: number, head: string, options?: Partial<ServerOptions>]>
> = {
  'too large by its length': [413, toHead(large)],
  'too large by its bytes': [413, toHead('Transfer-Encoding: chunked')],
  'without credentials': [401, toHead(large), { authenticate: () => undefined }],
  'of a foreign page': [403, toHead(large, 'Origin: https://evil.example')],
  'of a foreign host': [403, toHead(large).replace('localhost', 'evil.example')],
  'of another type': [415, toHead(large).replace('application/json', 'text/plain')],
  'of no route': [404, toHead(large).replace('/session', '/nowhere')],
  'of another method': [405, toHead(large).replace('POST /session', 'POST /health')],
  'of a caller with too many': [429, toHead(large), { quotas: { rates: [noRequests] } }],
};

test.each(Object.entries(refusals))(
  'a client that sends all of a body %s reads the refusal',
  async (_, refusal) => {
    const [status, head, options] = refusal;
    const socket = await open(await serve(options));
    socket.write(head);
    if (head.includes('chunked')) {
      socket.write(`${(3 * mebibyte).toString(16)}\r\n`);
      await write(socket, 3 * mebibyte);
      socket.write('\r\n0\r\n\r\n');
    } else await write(socket, 3 * mebibyte);
    const text = await read(socket);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text.toLowerCase()).toContain('connection: close');
    // The response is whole before the connection closes.
    const [start = '', body = ''] = text.split('\r\n\r\n');
    expect(body).toHaveLength(Number(/content-length: (\d+)/i.exec(start)?.[1]));
    expect(JSON.parse(body)).toMatchObject({ status });
  },
);

test('the refusal is there at once, while the body still arrives', async () => {
  const socket = await open(await serve());
  socket.write(toHead(large));
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(String(first)).toContain('"code":"too_large"');
});

test('a body that goes on is read for a second, and no more than 4 MiB of it', async () => {
  const listening = await serve();
  const server = new Promise<Socket>((resolve) => listening.http.once('connection', resolve));
  const endless = await open(listening);
  const connection = await server;
  endless.on('error', () => {}).resume();
  endless.write(toHead(`Content-Length: ${1024 * mebibyte}`));
  await expect(write(endless, 64 * mebibyte)).rejects.toThrow();
  expect(connection.bytesRead).toBeLessThan(6 * mebibyte);

  const silent = await open(listening);
  silent.resume();
  silent.write(toHead(large));
  await once(silent, 'end');
});

test('of many refused bodies at once, 100 are read on', async () => {
  const listening = await serve();
  const sockets = await Promise.all(Array.from({ length: 110 }, () => open(listening)));
  const ended = new Set<Socket>();
  const answered = new Set<Socket>();
  for (const socket of sockets) {
    socket.on('error', () => {}).on('data', () => answered.add(socket));
    socket.once('end', () => ended.add(socket));
    socket.write(toHead(large));
  }
  await vi.waitFor(() => expect(answered.size).toBe(110));
  await vi.waitFor(() => expect(ended.size).toBeGreaterThanOrEqual(10), { interval: 5 });
  expect(ended.size).toBeLessThan(110);
  // All are closed after their second.
  await vi.waitFor(() => expect(ended.size).toBe(110), { timeout: 5_000 });
});

test('over HTTP/2, a client that sends all of a body reads the refusal, and the connection goes on', async () => {
  const certificate = createCertificate();
  onTestFinished(certificate.remove);
  const listening = await serve({}, certificate);
  const client = connectHttp2(listening.url, { ca: certificate.cert });
  onTestFinished(() => client.destroy());
  const post = async (bytes: number): Promise<{ status: unknown; body: string; code: number }> => {
    const stream = client.request({
      ':method': 'POST',
      ':path': '/session',
      'content-type': 'application/json',
    });
    const head = once(stream, 'response') as Promise<[Record<string, unknown>]>;
    const closed = once(stream, 'close');
    let body = '';
    stream.setEncoding('utf8').on('data', (text) => (body += String(text)));
    const piece = Buffer.alloc(64 * 1024, 'x');
    for (let sent = 0; sent < bytes && stream.writable; sent += piece.length)
      await new Promise<void>((resolve) => stream.write(piece, () => resolve()));
    stream.end();
    await closed;
    return { status: (await head)[0][':status'], body, code: stream.rstCode };
  };
  for (const size of [3 * mebibyte, 16 * mebibyte]) {
    const { status, body, code } = await post(size);
    expect([status, code]).toEqual([413, constants.NGHTTP2_NO_ERROR]);
    expect(JSON.parse(body)).toMatchObject({ code: 'too_large' });
  }
  expect((await post(0)).status).toBe(201);
});
