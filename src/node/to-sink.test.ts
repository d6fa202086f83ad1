import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createGzip } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { defineAgent } from '../protocol/index.ts';
import { createServer } from '../server/index.ts';
import { listen, toListener } from './index.ts';
import { toChunk } from './to-chunk.ts';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close();
});

function setUp() {
  const agent = defineAgent({
    open: () =>
      async function* () {
        yield 'héllo ';
        yield '世界';
      },
  });
  const server = createServer({ agent, store: memoryStore(), gatherMs: 0 });
  toClose.push(() => server.close(0));
  return server;
}

async function serve(listener: RequestListener): Promise<number> {
  const http = createHttpServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  toClose.push(
    () => http.close(),
    () => http.closeAllConnections(),
  );
  return (http.address() as AddressInfo).port;
}

/** Sends bytes, and reads until the text matches `end` or the other side closes. */
async function talk(port: number, text: string, end?: RegExp): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  toClose.push(() => socket.destroy());
  socket.write(text.replaceAll('\n', '\r\n'));
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8') as AsyncIterable<string>) {
    answer += chunk;
    if (end?.test(answer)) break;
  }
  return answer;
}

const request = (version: string, headers = '') =>
  `GET /stream?prompt=hi HTTP/${version}\nHost: localhost\n${headers}\n`;

/** Decodes the body of a whole response in chunked encoding. Throws if a chunk is not as long as it says. */
function unchunk(answer: string): string {
  let rest = Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4));
  let body = '';
  for (;;) {
    const line = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.subarray(0, line).toString(), 16);
    const end = line + 2 + size;
    if (rest.subarray(end, end + 2).toString() !== '\r\n')
      throw new Error('A chunk is not as long as it says.');
    if (size === 0) return body;
    body += rest.subarray(line + 2, end).toString();
    rest = rest.subarray(end + 2);
  }
}

test('a stream is in well-formed chunks, and the connection serves the next request', async () => {
  const port = await serve(toListener(setUp()));
  const twice = await talk(port, request('1.1') + request('1.1', 'Connection: close\n'));
  const [first = '', second = ''] = twice.split(/(?=HTTP\/1\.1 200)/);
  for (const answer of [first, second]) {
    expect(answer.toLowerCase()).toContain('transfer-encoding: chunked');
    expect(unchunk(answer)).toContain('{"content":"héllo "}');
    expect(unchunk(answer)).toContain('世界');
    expect(unchunk(answer)).toMatch(/event: end\nid: .*\ndata: \{\}\n\n$/);
  }
  expect(second.toLowerCase()).toContain('connection: close');
});

test('a client of HTTP/1.0 gets the body as it is, to the end of the connection', async () => {
  const answer = await talk(await serve(toListener(setUp())), request('1.0'));
  expect(answer.toLowerCase()).not.toContain('chunked');
  expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toMatch(/^: heddle\nretry: \d+\n\nid: /);
  expect(answer).toMatch(/event: end\nid: .*\ndata: \{\}\n\n$/);
});

test('a stream behind a middleware that compresses goes through it', async () => {
  const listener = toListener(setUp());
  const port = await serve((incoming, response) => {
    const gzip = createGzip();
    const { write, end } = response;
    gzip.on('data', (bytes: Buffer) => write.call(response, bytes, 'utf8'));
    gzip.on('end', () => end.call(response, undefined, 'utf8'));
    response.setHeader('content-encoding', 'gzip');
    response.write = (bytes: string | Uint8Array) => gzip.write(bytes);
    response.end = () => {
      gzip.end();
      return response;
    };
    Object.assign(response, { flush: () => gzip.flush() });
    listener(incoming, response);
  });
  const response = await fetch(`http://127.0.0.1:${port}/stream?prompt=hi`);
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await response.text()).toMatch(/^: heddle\n[^]*event: end\n[^]*\n\n$/);
});

test('a text for several sockets is converted to bytes once', () => {
  expect(toChunk('text\n')).toEqual({ data: '5\r\ntext\n\r\n', encoding: 'latin1' });
  const second = toChunk('text\n');
  expect(second.data).toEqual(Buffer.from('5\r\ntext\n\r\n'));
  expect(toChunk('text\n').data).toBe(second.data);
  expect(toChunk('é')).toEqual({ data: '2\r\né\r\n', encoding: 'utf8' });
  expect(toChunk('é').data).toEqual(Buffer.from('2\r\né\r\n'));
  expect(toChunk('x'.repeat(100_000)).data).toBeInstanceOf(Buffer);
});

test('a server closes promptly under two thousand streams, including those in mid-turn', async () => {
  const waits = defineAgent({
    open: () =>
      async function* ({ signal }) {
        yield 'thinking';
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
  });
  const server = createServer({ agent: waits, store: memoryStore() });
  const listening = await listen(server, { port: 0 });
  const { port } = listening.http.address() as AddressInfo;
  const create = async (): Promise<string> => {
    const body: unknown = await (await fetch(`${listening.url}/session`, { method: 'POST' })).json();
    return String(Reflect.get(Object(body), 'session_id'));
  };
  const sessions = [await create(), await create()];
  await fetch(`${listening.url}/message/${sessions[0]}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"content":"go"}',
  });
  const ends = Array.from({ length: 2_000 }, (_, index) => hear(port, sessions[index % 2] ?? ''));
  await vi.waitFor(() => expect(server.load.streams).toBe(2_000), { timeout: 30_000 });
  const closed = listening.close(0);
  const texts = await Promise.all(ends);
  await closed;
  expect(server.load).toEqual({ streams: 0, sessions: 0 });
  // All got the drain event. The streams in mid-turn were cut, the others ended properly.
  expect(texts.filter((text) => text.includes('"drain"'))).toHaveLength(2_000);
  expect(texts.filter((text) => text.endsWith('\r\n0\r\n\r\n'))).toHaveLength(1_000);
}, 60_000);

function hear(port: number, session: string): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.write(`GET /stream/${session} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  });
}
