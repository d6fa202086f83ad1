// `heddle doctor` keeps its time and its memory, whatever a server answers.
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { examine } from '../../src/cli/doctor/examine.ts';
import type { DoctorReport, ExamineOptions } from '../../src/cli/doctor/examine.ts';
import { createCertificate } from '../../src/node/certificate.fixture.ts';

const closing: (() => unknown)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

async function start(server: Server, scheme = 'http'): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (listener: RequestListener): Promise<string> => start(createServer(listener));
const answerRaw = (text: string): Promise<string> =>
  start(createTcpServer((socket) => socket.once('data', () => socket.write(text))));

const pace = { answerMs: 400, watchMs: 600, manyMs: 400, leaveMs: 300, totalMs: 2_000 };
const run = (url: string, options: ExamineOptions = {}): Promise<DoctorReport> =>
  examine(url, { pace, ...options });

function toReached({ kind, checks }: DoctorReport): string {
  return `${kind}: ${checks[0]?.says}`;
}

const health: RequestListener = (_, response) => void response.end('{"status":"ok"}');

test('a server that switches protocols has no answer', async () => {
  const url = await answerRaw(
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
  );
  expect(toReached(await run(url))).toBe('unreached: GET /health: the answer has status 101');
});

test('a body without end, and one that grows when it is decompressed, are not kept', async () => {
  const endless = await serve((_, response) => {
    const write = (): void => {
      while (response.write(Buffer.alloc(65_536, 'A')));
    };
    response.on('drain', write);
    write();
  });
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const growing = await serve((_, response) => {
    response.setHeader('content-encoding', 'gzip').end(bomb);
  });
  for (const url of [endless, growing]) {
    const before = process.memoryUsage().rss;
    const slow = { ...pace, answerMs: 5_000, totalMs: 15_000 };
    expect(toReached(await run(url, { pace: slow }))).toMatch(/not in the words of Heddle$/);
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
  }
});

test('a server that falls silent after its health keeps no check beyond the whole time', async () => {
  const silent = await serve((request, response) => {
    if (request.url === '/health') health(request, response);
    else setTimeout(() => response.write(' '), pace.answerMs - 50);
  });
  const { seconds, checks } = await run(silent);
  expect(seconds).toBeLessThan(pace.totalMs / 1_000 + 0.5);
  // A check that never began has found nothing.
  const bad = checks.filter(({ state }) => state === 'bad').map(({ name }) => name);
  expect(bad).not.toContain('stream');
  expect(bad).toContain('headers');
});

test('a server of another make is watched, though it has a health of the same words', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/health') return health(request, response);
    if (request.url !== '/events') return void response.writeHead(404).end();
    const isResumed = request.headers['last-event-id'] === Buffer.from('é日9').toString('latin1');
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    for (let id = isResumed ? 10 : 1; id < (isResumed ? 20 : 10); id += 1)
      response.write(`id: é日${id}\ndata: x\n\n`);
    response.end();
  });
  const report = await run(`${url}/events`);
  expect(report.kind).toBe('any');
  // The id goes back as browsers send it, in UTF-8.
  expect(report.checks.find(({ name }) => name === 'resume')).toMatchObject({ state: 'ok' });
});

test('the URL of a page, a scheme that is missing and a login in front are told', async () => {
  const based = await serve((request, response) => {
    if (request.url === '/agent/health') health(request, response);
    else response.writeHead(404).end();
  });
  expect(toReached(await run(`${based}/agent/session/abc`))).toBe(
    'unreached: the server answers at /agent and not at /agent/session/abc',
  );
  const { key, cert, remove } = createCertificate();
  closing.push(remove);
  const secure = await start(createTlsServer({ key, cert }, health), 'http');
  expect(toReached(await run(secure))).toBe(
    `unreached: ${new URL(secure).host} speaks TLS; try https://${new URL(secure).host}`,
  );
  const locked = await serve((request, response) => {
    if (request.headers.authorization === 'Bearer in') health(request, response);
    else response.writeHead(401).end();
  });
  expect(toReached(await run(locked))).toMatch(/Heddle asks for no login there/);
  expect((await run(locked, { token: 'in' })).checks[0]?.state).toBe('ok');
  const moved = await serve((_, response) => {
    response.writeHead(301, { location: 'https://chat.example.com/health' }).end();
  });
  expect(toReached(await run(moved))).toMatch(/a redirect to https:\/\/chat\.example\.com; give that URL$/);
});
