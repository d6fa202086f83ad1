import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gunzipSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { listen, pageFiles } from './index.ts';
import { serveHello } from './serve.fixture.ts';

const script = 'export const words = "some words, and some more";'.repeat(20);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'index-1a2b.js'), script);
  writeFileSync(join(folder, 'assets', 'index-1a2b.js.br'), brotliCompressSync(script));
  writeFileSync(join(folder, 'assets', 'index-1a2b.js.gz'), gzipSync(script));
  // A file of its own, not one that was compressed.
  writeFileSync(join(folder, 'report.gz'), gzipSync('report'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Got {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

async function serve(origins: readonly string[] = []) {
  const { server } = serveHello({ page: pageFiles(folder), origins });
  const listening = await listen(server, { port: 0 });
  onTestFinished(() => listening.close(0));
  // `fetch` would decode the body.
  return (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> =>
    new Promise((resolve, reject) => {
      send(`${listening.url}${path}`, { method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      })
        .on('error', reject)
        .end();
    });
}

const asset = '/assets/index-1a2b.js';

test('a file goes out in the coding that its client prefers', async () => {
  const get = await serve();
  const plain = await get(asset);
  const gzip = await get(asset, { 'accept-encoding': 'gzip, deflate' });
  const brotli = await get(asset, { 'accept-encoding': 'gzip, deflate, br, zstd' });
  expect(String(plain.body)).toBe(script);
  expect(String(gunzipSync(gzip.body))).toBe(script);
  expect(String(brotliDecompressSync(brotli.body))).toBe(script);
  const codings = [plain, gzip, brotli].map(({ headers }) => headers['content-encoding']);
  expect(codings).toEqual([undefined, 'gzip', 'br']);
  for (const { status, headers, body } of [plain, gzip, brotli]) {
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      'accept-ranges': 'none',
    });
  }
  expect(new Set([plain, gzip, brotli].map(({ headers }) => headers['etag'])).size).toBe(3);
});

test('HEAD has the head of GET', async () => {
  const get = await serve();
  for (const coding of ['identity', 'gzip', 'br']) {
    const { date: _, ...headers } = (await get(asset, { 'accept-encoding': coding })).headers;
    const head = await get(asset, { 'accept-encoding': coding }, 'HEAD');
    expect(head.headers).toMatchObject(headers);
    expect(head.body).toHaveLength(0);
  }
});

test('a file that its client has is not sent again, in the same coding', async () => {
  const get = await serve();
  const accepted = { 'accept-encoding': 'br' };
  const { headers } = await get(asset, accepted);
  const tag = String(headers['etag']);
  for (const held of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
    const again = await get(asset, { ...accepted, 'if-none-match': held });
    expect([again.status, again.body.length], held).toEqual([304, 0]);
    expect(again.headers).toMatchObject({ etag: tag, vary: 'accept-encoding' });
    expect(again.headers).not.toHaveProperty('content-encoding');
  }
  expect((await get(asset, { 'if-none-match': tag })).status).toBe(200);
  const index = await get('/');
  expect(index.headers['cache-control']).toBe('no-cache');
  expect((await get('/', { 'if-none-match': String(index.headers['etag']) })).status).toBe(304);
});

test('a file without compressed ones beside it goes out as it is', async () => {
  const get = await serve();
  const index = await get('/', { 'accept-encoding': 'br, gzip' });
  expect([index.status, String(index.body)]).toEqual([200, '<!doctype html>']);
  expect(index.headers).not.toHaveProperty('content-encoding');
  expect((await get('/', { 'accept-encoding': 'br, identity;q=0' })).status).toBe(406);
  const report = await get('/report.gz');
  expect([report.status, report.headers['content-encoding']]).toEqual([200, undefined]);
});

test('a compressed file has no path of its own, and a range is not served', async () => {
  const get = await serve();
  expect((await get(`${asset}.br`)).status).toBe(404);
  const ranged = await get(asset, { range: 'bytes=0-9', 'accept-encoding': 'br' });
  expect([ranged.status, ranged.body.length]).toEqual([200, brotliCompressSync(script).length]);
});

test('where other origins are allowed, a cache keeps them apart, too', async () => {
  const get = await serve(['https://friend.example']);
  const { headers } = await get(asset, { 'accept-encoding': 'br', origin: 'https://friend.example' });
  expect(headers).toMatchObject({ vary: 'accept-encoding, origin', 'content-encoding': 'br' });
});
