// `heddle doctor --any` watches a stream of a server of any make.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '../../src/cli/doctor/examine.ts';
import type { DoctorReport } from '../../src/cli/doctor/examine.ts';
import { startNetworkProxy } from '../rig/network-proxy.ts';
import type { NetworkFaults } from '../rig/network/network-faults.ts';

const pace = { watchMs: 1_500, answerMs: 1_500 };
const type = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };

/** A stream of 20 events, 30 ms apart, that goes on behind the last id. */
const http = createServer((request, response) => {
  if (request.url === '/moved') return void response.writeHead(302, { location: '/events' }).end();
  if (request.url !== '/events') return void response.writeHead(404).end();
  let id = Number(request.headers['last-event-id'] ?? 0);
  response.writeHead(200, type).write('retry: 3000\n: hello\n\n');
  const end = id + 20;
  const timer = setInterval(() => {
    id += 1;
    response.write(`id: ${id}\ndata: ${'x'.repeat(400)}\n\n`);
    if (id === end) response.end();
  }, 30);
  response.once('close', () => clearInterval(timer));
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterAll(() => {
  http.close();
  http.closeAllConnections();
});

async function watch(faults: NetworkFaults, path = '/events', any = true): Promise<DoctorReport> {
  const proxy = await startNetworkProxy(url, faults);
  const report = await examine(`${proxy.url}${path}`, { pace, any });
  proxy.close();
  return report;
}

function toStates({ checks }: DoctorReport): Record<string, string> {
  return Object.fromEntries(checks.map(({ name, state }) => [name, state]));
}

test('a stream that comes event by event has no fault, with and without --any', async () => {
  for (const report of await Promise.all([watch({}), watch({}, '/events', false)])) {
    expect(report.kind).toBe('any');
    expect(new Set(Object.values(toStates(report)))).toEqual(new Set(['ok']));
    const says = Object.fromEntries(report.checks.map((check) => [check.name, check.says]));
    expect(says['retry']).toBe('retry: 3 s');
    expect(says['ids']).toBe('20 ids with 20 events');
    expect(says['resume']).toBe('a second request with Last-Event-ID goes on');
    expect(says['end']).toMatch(/^the stream ends cleanly after/);
  }
});

test.each([
  ['gaps', { body: { blocksOf: 4_096 } }],
  ['resume', { requestHeaders: { 'last-event-id': null } }],
  ['compression', { body: { gzip: 'flushed' } }],
  ['headers', { responseHeaders: { 'cache-control': null } }],
  ['end', { body: { cut: { afterMs: 300, how: 'reset' } } }],
] as const)('%s is told', async (name, faults) => {
  expect(toStates(await watch(faults))[name]).toBe('warn');
});

test('bursts are told by their size, without saying who held them', async () => {
  const { checks } = await watch({ body: { blocksOf: 4_096 } });
  expect(checks.find(({ name }) => name === 'gaps')?.says).toMatch(
    /^20 events came in \d bursts of \d(\.\d)? KiB; the longest gap was \d+ ms$/,
  );
});

test('a URL that answers no stream is not reached', async () => {
  const [missing, moved, bare] = await Promise.all([
    watch({}, '/other'),
    watch({}, '/moved'),
    watch({ responseHeaders: { 'content-type': null } }),
  ]);
  for (const { kind } of [missing, moved, bare]) expect(kind).toBe('unreached');
  const says = [missing, moved, bare].map(({ checks }) => checks[0]?.says);
  expect(says).toEqual([
    'is answered with status 404, and not with a stream',
    'is answered with status 302, a redirect to /events; give that URL',
    'is answered with status 200 and no content-type, not with text/event-stream',
  ]);
  // Only a content type that was lost is the work of a proxy.
  expect([missing, bare].map(({ checks }) => checks[0]?.lines.length)).toEqual([0, expect.any(Number)]);
});
