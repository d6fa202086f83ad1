import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { httpFetch } from './http-fetch.ts';
import type { HttpFetched } from './http-fetch.ts';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

async function serve(
  listener: RequestListener,
  place: object = { port: 0, host: '127.0.0.1' },
): Promise<string> {
  const server = createServer(listener).listen(place);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address() as AddressInfo | string;
  return typeof address === 'string' ? address : `http://127.0.0.1:${address.port}`;
}

async function readText({ body }: HttpFetched): Promise<string> {
  const reader = body?.getReader();
  let all = '';
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read())
    all += Buffer.from(next.value ?? []).toString();
  return all;
}

test('a request has its method, path, headers and body', async () => {
  const url = await serve((request, response) => {
    void text(request).then((body) => {
      const { method, url: path, headers } = request;
      response.writeHead(201, { 'x-seen': 'yes' }).end(JSON.stringify({ method, path, headers, body }));
    });
  });
  const response = await httpFetch(`${url}/a%20b?c=d`, {
    method: 'POST',
    headers: { 'x-key': 'k' },
    body: 'Grüße',
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('X-Seen')).toBe('yes');
  expect(response.headers.get('x-none')).toBeNull();
  expect(response.headers.get('transfer-encoding')).toBe('chunked');
  expect(JSON.parse(await readText(response))).toMatchObject({
    method: 'POST',
    path: '/a%20b?c=d',
    headers: { 'x-key': 'k', 'accept-encoding': 'identity', 'content-length': '7' },
    body: 'Grüße',
  });
});

test('a Unix socket is reached, with a path behind a second colon', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = await serve(({ url, headers }, response) => response.end(`${url} ${headers.host}`), {
    path: join(folder, 'agent.sock'),
  });
  expect(await readText(await httpFetch(`unix:${path}:/stream?a=b`))).toBe('/stream?a=b localhost');
  expect(await readText(await httpFetch(`unix:${path}`))).toBe('/ localhost');
  for (const place of ['/a%20b', '/a%2Fb', '/%C3%BC', '/a:/b'])
    expect(await readText(await httpFetch(`unix:${path}:${place}`))).toBe(`${place} localhost`);
});

test('a redirect is returned, and not followed', async () => {
  const url = await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
  expect(await httpFetch(url)).toMatchObject({ status: 302 });
});

test('a connection that is refused rejects with its code', async () => {
  await expect(httpFetch('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('an abort rejects with its reason, and ends a body', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/body') response.write('Hi');
  });
  const stop = new AbortController();
  const waiting = httpFetch(`${url}/none`, { signal: stop.signal });
  const { body } = await httpFetch(`${url}/body`, { signal: stop.signal });
  const reader = body?.getReader();
  await reader?.read();
  const next = reader?.read();
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(next).rejects.toThrow();
});

test('a body that breaks off rejects', async () => {
  const url = await serve((_, response) => response.write('Hel', () => response.socket?.destroy()));
  await expect(httpFetch(url).then(readText)).rejects.toThrow('aborted');
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const)('a body that a server compresses unasked as %s is read', async (encoding, compress) => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(compress('some words '.repeat(1_000)));
  });
  expect(await readText(await httpFetch(url))).toBe('some words '.repeat(1_000));
});

test('a compressed body that breaks off, or that is none, rejects', async () => {
  const url = await serve((request, response) => {
    const whole = gzipSync(Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251)));
    response.writeHead(200, { 'content-encoding': 'gzip' });
    if (request.url === '/none') response.end('no gzip');
    else response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
  });
  await expect(httpFetch(`${url}/half`).then(readText)).rejects.toThrow();
  await expect(httpFetch(`${url}/none`).then(readText)).rejects.toThrow('incorrect header check');
});

test('an encoding that is not known rejects', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-encoding': 'zpaq' }).end('x');
  });
  await expect(httpFetch(url)).rejects.toThrow('content encoding "zpaq"');
});
