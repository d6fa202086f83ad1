import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createCertificate } from './certificate.fixture.ts';
import type { TestCertificate } from './certificate.fixture.ts';
import { listen } from './index.ts';
import type { Listening, ListenOptions } from './index.ts';
import { serveHello } from './serve.fixture.ts';

let own: TestCertificate;
let other: TestCertificate;
beforeAll(() => {
  own = createCertificate();
  other = createCertificate();
});
afterAll(() => {
  for (const { remove } of [own, other]) remove();
});

async function serveTls(options: ListenOptions = {}): Promise<Listening & { readonly told: unknown[] }> {
  const { server, told } = serveHello();
  const listening = await listen(server, { port: 0, tls: own, ...options });
  onTestFinished(() => listening.close(0));
  return { ...listening, told };
}

function connect({ url }: Listening): ClientHttp2Session {
  const client = connectHttp2(url, { ca: own.cert });
  onTestFinished(() => client.destroy());
  return client;
}

async function read(client: ClientHttp2Session, path: string): Promise<string> {
  const stream = client.request({ ':path': path });
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}

test('a client that offers HTTP/2 gets it, and twenty streams beside a request', async () => {
  const listening = await serveTls();
  expect(listening.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const client = connect(listening);
  const answers = Array.from({ length: 20 }, () => read(client, '/stream?prompt=hi'));
  expect(await read(client, '/health')).toContain('ok');
  for (const answer of answers) expect(await answer).toContain('hello');
  expect(client.alpnProtocol).toBe('h2');
  expect(client.remoteSettings.maxConcurrentStreams).toBe(256);
});

test('a client without HTTP/2 gets HTTP/1.1 with the time limits', async () => {
  const { url, http } = await serveTls();
  const [response] = await once(get(`${url}/stream?prompt=hi`, { ca: own.cert }), 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  expect(response.httpVersion).toBe('1.1');
  expect(text).toContain('hello');
  expect(http).toMatchObject({ headersTimeout: 20_000, requestTimeout: 60_000, keepAliveTimeout: 95_000 });
});

test('a dialect learns that its clients came over TLS, in both versions of HTTP', async () => {
  const { server } = serveHello({
    dialects: [
      {
        name: 'place',
        onCut: 'polite',
        open: () => ({ project: () => [], announce: () => [], over: true }),
        routes: [
          {
            method: 'GET',
            path: '/place/here',
            acts: false,
            decode: ({ base }) => ({ type: 'reply', reply: { body: { base } } }),
          },
        ],
      },
    ],
  });
  const listening = await listen(server, { port: 0, tls: own });
  onTestFinished(() => listening.close(0));
  const { url } = listening;
  const [response] = await once(get(`${url}/place/here`, { ca: own.cert }), 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  expect(JSON.parse(text)).toEqual({ base: url });
  expect(JSON.parse(await read(connect(listening), '/place/here'))).toEqual({ base: url });
});

test('a close tells clients of HTTP/2, and ends when their streams have ended', async () => {
  const listening = await serveTls();
  const client = connect(listening);
  await read(client, '/health');
  const told = once(client, 'goaway');
  await listening.close(0);
  await told;
  await vi.waitFor(() => expect(client.closed).toBe(true));
});

test('new connections get a replaced certificate, and open ones go on', async () => {
  const listening = await serveTls();
  const client = connect(listening);
  await read(client, '/health');
  listening.replaceCertificate(other);
  expect(await read(client, '/health')).toContain('ok');
  const { port } = listening.http.address() as AddressInfo;
  const socket = connectTls({ port, host: '127.0.0.1', ca: other.cert, servername: 'localhost' });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  expect(socket.authorized).toBe(true);
});

test('a certificate that does not fit its key is refused at the start, and when it is replaced', async () => {
  const { server } = serveHello();
  await expect(listen(server, { port: 0, tls: { cert: own.cert, key: other.key } })).rejects.toThrow(
    /key values mismatch/,
  );
  const listening = await serveTls();
  expect(() => listening.replaceCertificate({ cert: own.cert, key: other.key })).toThrow(
    /key values mismatch/,
  );
  expect(await read(connect(listening), '/health')).toContain('ok');
});

test('a server without TLS has no certificate to replace', async () => {
  const listening = await listen(serveHello().server, { port: 0 });
  onTestFinished(() => listening.close(0));
  expect(() => listening.replaceCertificate(own)).toThrow(
    'This server listens without TLS; start it with the option tls.',
  );
});
