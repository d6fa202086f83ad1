// Requests as proxies, probes and unusual clients send them.
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { listen } from './index.ts';
import type { Listening } from './index.ts';
import { exchange, serveHello } from './serve.fixture.ts';

let listening: Listening;
beforeEach(async () => {
  const { server } = serveHello({
    page: (path) => (path === '/' ? { type: 'whole', status: 200, headers: {}, body: 'page' } : undefined),
  });
  listening = await listen(server, { port: 0 });
  onTestFinished(() => listening.close(0));
});

/** Sends the lines of a request, and returns the status, head and body of the response. */
async function send(...lines: readonly string[]): Promise<{ status: number; head: string; body: string }> {
  const [first = '', ...headers] = lines;
  const text = await exchange(listening.http, [first, 'Connection: close', ...headers, '', ''].join('\r\n'));
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body };
}

test.each([
  ['the check of HAProxy', ['GET /health HTTP/1.0']],
  ['the check of HAProxy by OPTIONS', ['OPTIONS /health HTTP/1.0']],
  ['the check of HAProxy of the path /', ['OPTIONS / HTTP/1.0']],
  ['the check of HAProxy of the whole server', ['OPTIONS * HTTP/1.1', 'Host: 10.0.0.5']],
  ['a kubelet, by the address of a pod', ['GET /health HTTP/1.1', 'Host: 10.244.0.5:8000']],
  ['a kubelet, whether it is ready', ['GET /ready HTTP/1.1', 'Host: 10.244.0.5:8000']],
  ['a load balancer, by HEAD', ['HEAD /ready HTTP/1.1', 'Host: [2001:db8::7]:8000']],
  ['a load balancer, by a name of its own', ['GET /health HTTP/1.1', 'Host: internal-lb']],
])('%s is answered', async (_, lines) => {
  const { status, body } = await send(...lines);
  expect([200, 204]).toContain(status);
  if (lines[0]?.startsWith('HEAD')) expect(body).toBe('');
});

test.each([
  ['GET /', 'HTTP/1.0', []],
  ['GET /sessions', 'HTTP/1.0', []],
  ['GET /sessions', 'HTTP/1.1', ['Host: 10.244.0.5:8000']],
  ['POST /session', 'HTTP/1.1', ['Host: internal-lb', 'Content-Length: 0']],
])('%s over %s by a name that is not the server’s is still refused', async (target, version, headers) => {
  expect((await send(`${target} ${version}`, ...headers)).status).toBe(403);
});

test.each([
  ['http://localhost/sessions', 'elsewhere.example', 200],
  ['HTTP://LOCALHOST:8000/sessions', 'elsewhere.example', 200],
  ['https://localhost/sessions?before=1', 'elsewhere.example', 200],
  ['http://localhost', 'elsewhere.example', 200],
  ['http://localhost/nowhere', 'elsewhere.example', 404],
  // The host in the target wins (RFC 9112, section 3.2.2).
  ['http://elsewhere.example/sessions', 'localhost', 403],
  ['http://localhost@elsewhere.example/sessions', 'localhost', 403],
  ['ftp://localhost/sessions', 'localhost', 404],
])(
  'the target %s of a request with the header Host: %s is answered with %i',
  async (target, host, status) => {
    expect((await send(`GET ${target} HTTP/1.1`, `Host: ${host}`)).status).toBe(status);
  },
);

test('with a target in absolute form, the page’s origin is compared with the host in it', async () => {
  const post = (origin: string) =>
    send(
      'POST http://localhost/session HTTP/1.1',
      'Host: elsewhere.example',
      `Origin: ${origin}`,
      'Content-Length: 0',
    );
  expect((await post('http://localhost')).status).toBe(201);
  expect((await post('http://elsewhere.example')).status).toBe(403);
});

test('a compressed body is refused with the encodings that are accepted', async () => {
  const response = await fetch(`${listening.url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync('{}'),
  });
  expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'identity']);
  expect(await response.json()).toMatchObject({ code: 'unsupported_type' });
});
