import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { Socket, createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createWebhookFetch, webhookFetch } from './webhook-fetch.ts';

/** Serves on loopback, and counts the connections. */
async function serve(listener: RequestListener = (_, response) => response.end()) {
  let connections = 0;
  const server = createServer(listener).listen(0, '127.0.0.1');
  server.on('connection', () => (connections += 1));
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, connections: () => connections };
}

const init = (more: { readonly isTrusted?: boolean; readonly signal?: AbortSignal } = {}) => ({
  method: 'POST' as const,
  headers: { 'content-type': 'application/json', 'x-key': 'k' },
  body: '{"a":"Grüße"}',
  signal: new AbortController().signal,
  isTrusted: false,
  ...more,
});
const refused = { name: 'AddressRefusedError' };

describe('a host that is trusted', () => {
  test('gets the request, under its own name', async () => {
    const seen: unknown[] = [];
    const { port } = await serve((request, response) => {
      void text(request).then((body) => {
        seen.push({ method: request.method, url: request.url, host: request.headers.host, body });
        response.writeHead(202, { 'retry-after': '7' }).end('thanks');
      });
    });
    const fetch = createWebhookFetch(async () => ['127.0.0.1']);
    const answer = await fetch(`http://hooks.test:${port}/a%20b?c=d`, init({ isTrusted: true }));
    expect([answer.status, answer.headers.get('Retry-After'), answer.headers.get('x-none')]).toEqual([
      202,
      '7',
      null,
    ]);
    expect(seen).toEqual([
      { method: 'POST', url: '/a%20b?c=d', host: `hooks.test:${port}`, body: '{"a":"Grüße"}' },
    ]);
  });

  test('is reached by its next address if the first does not answer', async () => {
    const { port } = await serve();
    const free = createTcpServer().listen(0, '127.0.0.2');
    await once(free, 'listening');
    free.close();
    const fetch = createWebhookFetch(async () => ['127.0.0.2', '127.0.0.1']);
    expect((await fetch(`http://hooks.test:${port}/`, init({ isTrusted: true }))).status).toBe(200);
  });
});

test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
  const target = await serve();
  const { url } = await serve((_, response) => response.writeHead(status, { location: target.url }).end());
  expect((await webhookFetch(url, init({ isTrusted: true }))).status).toBe(status);
  expect(target.connections()).toBe(0);
});

test('a body without an end is not read', async () => {
  let isOver = false;
  const { url } = await serve((_, response) => {
    const pour = (): void => void (response.write('x'.repeat(65_536)) && setImmediate(pour));
    response.on('drain', pour).on('close', () => (isOver = true));
    pour();
  });
  expect((await webhookFetch(url, init({ isTrusted: true }))).status).toBe(200);
  await expect.poll(() => isOver).toBe(true);
});

test('a receiver that switches protocols has answered', async () => {
  const receiver = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    );
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  onTestFinished(() => void receiver.close());
  const { port } = receiver.address() as AddressInfo;
  const answer = await webhookFetch(`http://127.0.0.1:${port}/`, init({ isTrusted: true }));
  expect(answer.status).toBe(101);
});

test('a receiver that says nothing is left when the signal aborts', async () => {
  const { url } = await serve(() => {});
  const leaving = new AbortController();
  const answer = webhookFetch(url, init({ isTrusted: true, signal: leaving.signal }));
  leaving.abort(new Error('late'));
  await expect(answer).rejects.toThrow('late');
});

test('a resolver that says nothing is left when the signal aborts', async () => {
  const leaving = new AbortController();
  const answer = createWebhookFetch(() => new Promise(() => {}))(
    'https://a.test/',
    init({ signal: leaving.signal }),
  );
  leaving.abort(new Error('late'));
  await expect(answer).rejects.toThrow('late');
});

describe('a host that is not trusted', () => {
  test.each([
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['fd00::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['fe80::1%eth0'],
    ['not an address'],
  ])('is refused before a connection if its name leads to %s', async (address) => {
    const { port, connections } = await serve();
    for (const addresses of [[address], ['93.184.216.34', address]]) {
      const fetch = createWebhookFetch(async () => addresses);
      await expect(fetch(`http://hooks.test:${port}/`, init())).rejects.toMatchObject(refused);
    }
    expect(connections()).toBe(0);
  });

  test.each([
    ['http://127.0.0.1'],
    ['http://2130706433'],
    ['http://0x7f000001'],
    ['http://0177.0.0.1'],
    ['http://127.1'],
    ['http://0'],
    ['http://127.0.0.1.'],
    ['http://[::1]'],
    ['http://[::ffff:127.0.0.1]'],
    ['http://[::ffff:7f00:1]'],
    ['http://[::127.0.0.1]'],
    ['http://①②⑦.⓪.⓪.①'],
  ])('is refused if it is %s', async (origin) => {
    const { port, connections } = await serve();
    await expect(webhookFetch(`${origin}:${port}/`, init())).rejects.toMatchObject(refused);
    expect(connections()).toBe(0);
  });

  test.each([['http://localhost'], ['http://localhost.'], ['http://LOCALHOST']])(
    'is refused if it is %s, by the resolver of the machine',
    async (origin) => {
      const { port, connections } = await serve();
      await expect(webhookFetch(`${origin}:${port}/`, init())).rejects.toThrow();
      expect(connections()).toBe(0);
    },
  );

  test('is resolved once, so that an answer that changes after the check leads nowhere', async () => {
    const { port, connections } = await serve();
    const answers = [['93.184.216.34'], ['127.0.0.1'], ['127.0.0.1']];
    let asked = 0;
    const fetch = createWebhookFetch(async () => answers[asked++] ?? []);
    const hosts: unknown[] = [];
    const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (
      this: Socket,
      ...args
    ) {
      hosts.push(JSON.parse(JSON.stringify(args)));
      return this.destroy(new Error('no network here'));
    });
    await expect(fetch(`http://hooks.test:${port}/`, init())).rejects.toThrow('no network here');
    connect.mockRestore();
    expect(asked).toBe(1);
    expect(hosts).toHaveLength(1);
    expect(JSON.stringify(hosts)).toContain('"host":"93.184.216.34"');
    expect(JSON.stringify(hosts)).not.toContain('"host":"hooks.test"');
    // The next try gets the new answer, and checks it.
    await expect(fetch(`http://hooks.test:${port}/`, init())).rejects.toMatchObject(refused);
    expect(connections()).toBe(0);
  });

  test('is left if the connection leads to another address than the one that was checked', async () => {
    let requests = 0;
    const { port } = await serve(() => (requests += 1));
    const { connect } = Socket.prototype;
    const spy = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket) {
      return Reflect.apply(connect, this, [port, '127.0.0.1']);
    });
    const answer = createWebhookFetch(async () => ['93.184.216.34'])(`http://hooks.test:${port}/`, init());
    await expect(answer).rejects.toMatchObject(refused);
    spy.mockRestore();
    expect(requests).toBe(0);
  });

  test('without an address is reported as that', async () => {
    await expect(createWebhookFetch(async () => [])('https://hooks.test/', init())).rejects.toThrow(
      'no address',
    );
  });
});
