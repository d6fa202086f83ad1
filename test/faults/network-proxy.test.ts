// The proxy of the network's faults: each of them does what it says.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startNetworkProxy } from '../rig/network-proxy.ts';
import type { NetworkProxy } from '../rig/network-proxy.ts';
import { cannedAnswers } from '../rig/network/network-faults.ts';
import type { NetworkFaults } from '../rig/network/network-faults.ts';

/**
 * Answers with what it was sent. `/stream` is four chunks of 100 bytes, 20 ms apart, and then its end, or a
 * cut. With `?silent` it is one chunk, and silence: only the network ends it.
 */
const server = createServer((request, response) => {
  const { method, url, headers, httpVersion } = request;
  let body = '';
  request.on('data', (chunk) => (body += String(chunk)));
  request.on('end', () => {
    seen.push({ method, url, headers, httpVersion, body });
    if (url?.startsWith('/stream')) return void stream(response, url.slice(8));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ method, url, headers, httpVersion, body, count: seen.length }));
  });
});
async function stream(response: ServerResponse, how: string): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let count = 0; count < 4; count += 1) {
    response.write(`${count}`.repeat(100));
    if (how === 'silent') return;
    await delay(20);
  }
  if (how === 'cut') response.destroy();
  else response.end();
}
interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly httpVersion: string;
  readonly body: string;
}
const seen: Seen[] = [];
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function start(faults: NetworkFaults): Promise<NetworkProxy> {
  const proxy = await startNetworkProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, faults);
  onTestFinished(() => proxy.close());
  return proxy;
}

interface Sent extends Seen {
  readonly count: number;
}
async function ask(proxy: NetworkProxy, path = '/', init?: RequestInit): Promise<Sent> {
  return (await (await fetch(proxy.url + path, init)).json()) as Sent;
}

/** Reads a body chunk by chunk, up to its end or its cut. */
async function read(response: Response): Promise<{ readonly chunks: string[]; readonly isCut: boolean }> {
  const chunks: string[] = [];
  try {
    for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk).toString());
    return { chunks, isCut: false };
  } catch {
    return { chunks, isCut: true };
  }
}

test('without faults it passes everything on, chunk by chunk, and adds the address', async () => {
  const proxy = await start({});
  const sent = await ask(proxy, '/a?b=1', {
    method: 'POST',
    body: 'Hi',
    headers: { 'last-event-id': '7', 'x-forwarded-for': '1.2.3.4' },
  });
  expect(sent).toMatchObject({
    method: 'POST',
    url: '/a?b=1',
    body: 'Hi',
    httpVersion: '1.1',
    headers: { host: new URL(proxy.url).host, 'last-event-id': '7', 'x-forwarded-for': '1.2.3.4, 127.0.0.1' },
  });
  const { chunks, isCut } = await read(await fetch(`${proxy.url}/stream`));
  expect([chunks.length > 1, chunks.join('').length, isCut]).toEqual([true, 400, false]);
  expect((await read(await fetch(`${proxy.url}/stream?cut`))).isCut).toBe(true);
});

test('headers, path, query and body of requests', async () => {
  const proxy = await start({
    requestHeaders: { 'last-event-id': null, host: 'inner:8000', origin: 'https://inner' },
    forwardedFor: 'passed',
    stripPrefix: '/agent',
    loseQuery: true,
    loseBody: true,
    http10: true,
  });
  const headers = { 'last-event-id': '7', 'x-forwarded-for': '1.2.3.4' };
  const sent = await ask(proxy, '/agent/x?y=1', { method: 'POST', body: 'Hi', headers });
  expect(sent).toMatchObject({
    url: '/x',
    body: '',
    httpVersion: '1.0',
    headers: { host: 'inner:8000', origin: 'https://inner', 'x-forwarded-for': '1.2.3.4' },
  });
  expect(sent.headers).not.toHaveProperty('last-event-id');
  expect((await fetch(`${proxy.url}/x`)).status).toBe(404);
});

test('headers of responses, and of streams alone', async () => {
  const proxy = await start({
    responseHeaders: { 'x-more': '1' },
    streamHeaders: { 'content-type': null },
  });
  const stream = await fetch(`${proxy.url}/stream`);
  expect([stream.headers.get('content-type'), stream.headers.get('x-more')]).toEqual([null, '1']);
  await stream.body?.cancel();
  expect((await fetch(proxy.url)).headers.get('content-type')).toBe('application/json');
});

test('requests that are sent twice, answers that are lost, and answers from a cache', async () => {
  const twice = await start({ sendTwice: ['POST'] });
  const { count } = await ask(twice, '/', { method: 'POST' });
  expect((await ask(twice)).count).toBe(count + 1);
  expect(seen.slice(-3).map(({ method }) => method)).toEqual(['POST', 'POST', 'GET']);

  const losing = await start({ loseFirstAnswer: 'reset' });
  await expect(ask(losing, '/', { method: 'POST' })).rejects.toThrow();
  expect(await ask(losing, '/', { method: 'POST' })).toMatchObject({ method: 'POST' });

  const caching = await start({ cache: true });
  const first = await ask(caching, '/a');
  expect(await ask(caching, '/a')).toEqual(first);
  expect((await ask(caching, '/b')).count).toBe(first.count + 1);
});

test('answers in place of the server', async () => {
  const proxy = await start({ instead: { answer: cannedAnswers.signInPage, forMs: 200 }, longestBody: 10 });
  const html = await fetch(proxy.url);
  expect([html.status, html.headers.get('content-type')]).toEqual([200, 'text/html']);
  await delay(200);
  expect(await ask(proxy)).toMatchObject({ method: 'GET' });
  expect((await fetch(proxy.url, { method: 'POST', body: 'x'.repeat(11) })).status).toBe(413);
  proxy.faults = { longestUrl: 100, instead: { answer: cannedAnswers.badGateway, method: 'POST' } };
  expect((await fetch(`${proxy.url}/${'x'.repeat(100)}`)).status).toBe(414);
  expect((await fetch(proxy.url, { method: 'POST' })).status).toBe(502);
  expect(await ask(proxy)).toMatchObject({ method: 'GET' });
});

/** Returns the place at which each chunk ends. */
const toEnds = (sizes: readonly number[]): readonly number[] =>
  sizes.map((_size, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0));

test.each<readonly [string, NetworkFaults, readonly number[], boolean]>([
  ['held to the end', { body: { hold: 'body' } }, [400], false],
  ['held with the headers', { body: { hold: 'response' } }, [400], false],
  ['whole blocks', { body: { blocksOf: 150 } }, [150, 150, 100], false],
  ['clumps', { body: { clumpsMs: 1_000 } }, [400], false],
  ['cut by the server, as an end', { body: { cleanEnds: true } }, [100, 100, 100, 100], false],
  ['an end by the network', { body: { cut: { afterMs: 10, how: 'clean' } } }, [100], false],
  ['a cut by the network', { body: { cut: { afterMs: 10, how: 'reset' } } }, [100], true],
  ['a cut of a silent body', { body: { idle: { ms: 10, how: 'reset' } } }, [100], true],
])('a body: %s', async (_, faults, expected, isCut) => {
  const proxy = await start(faults);
  const { cleanEnds, cut, idle } = faults.body ?? {};
  const path = cleanEnds ? '/stream?cut' : cut || idle ? '/stream?silent' : '/stream';
  const body = await read(await fetch(proxy.url + path));
  // Chunks that arrive at the same moment are read as one.
  const ends = body.chunks.map((_chunk, index) => body.chunks.slice(0, index + 1).join('').length);
  expect(toEnds(expected)).toEqual(expect.arrayContaining(ends));
  expect(ends.at(-1)).toBe(toEnds(expected).at(-1));
  expect(body.isCut).toBe(isCut);
});

test.each(['flushed', 'unflushed'] as const)('a body: compressed, %s', async (gzip) => {
  const proxy = await start({ body: { gzip } });
  const response = await fetch(`${proxy.url}/stream`, { headers: { 'accept-encoding': 'gzip' } });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  const { chunks } = await read(response);
  expect(chunks.join('').length).toBe(400);
  expect(chunks.length > 1).toBe(gzip === 'flushed');
});

test('a bounded number of requests at once', async () => {
  const proxy = await start({ mostAtOnce: 1 });
  const stream = await fetch(`${proxy.url}/stream`);
  let isAnswered = false;
  const later = ask(proxy).then(() => (isAnswered = true));
  await delay(30);
  expect(isAnswered).toBe(false);
  await read(stream);
  await later;
});

test.each(['halfOpenAfterMs', 'forgetAfterMs'] as const)('a connection that dies: %s', async (fault) => {
  const proxy = await start({ connection: { [fault]: 500 } });
  const { count } = await ask(proxy);
  await delay(600);
  // The pooled connection takes the request, and nothing comes back.
  await expect(ask(proxy, '/', { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
  expect((await ask(proxy)).count).toBe(count + 1);
});
