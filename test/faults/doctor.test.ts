// `heddle doctor` names every fault that a network of the tests can make, and none where there is none.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { ServerOptions } from 'heddle/server';
import { createFaultProxy } from 'heddle/testing';
import { toFaultNames } from '../../src/cli/doctor/check.ts';
import { createCheckGate } from '../../src/cli/doctor/gate.ts';
import { examine } from '../../src/cli/doctor/examine.ts';
import type { DoctorReport, ExamineOptions } from '../../src/cli/doctor/examine.ts';
import { createCertificate } from '../../src/node/certificate.fixture.ts';
import { startNetworkProxy } from '../rig/network-proxy.ts';
import type { NetworkFaults } from '../rig/network/network-faults.ts';
import { namedFaults } from '../rig/network/named-faults.ts';

const pace = { answerMs: 4_000, leaveMs: 2_000, manyMs: 3_000 };
const closing: (() => unknown)[] = [];
let listening: Listening;

async function serve(
  options: Partial<ServerOptions> = {},
  more: Parameters<typeof listen>[1] = {},
): Promise<Listening> {
  const agent = async function* () {};
  const started = await listen(
    createServer({ agent, store: memoryStore(), probe: true, onWarning: () => {}, ...options }),
    { port: 0, ...more },
  );
  closing.push(() => started.close(0));
  return started;
}

/** These checks judge with each other. The rest are run alone, which takes less time. */
const ofStreams = ['stream', 'blocks', 'compression'];
/** The reports of all faults. They are made together, because most of their time is waiting. */
const reports = new Map<string, Promise<DoctorReport>>();

beforeAll(async () => {
  listening = await serve();
  const another = await serve();
  for (const isOfStreams of [true, false]) {
    // A server lets eight runs in at once.
    const gate = createCheckGate();
    gate.narrow(7);
    const { url } = isOfStreams ? another : listening;
    for (const { what, faults, check } of namedFaults)
      if (ofStreams.includes(check) === isOfStreams)
        reports.set(
          what,
          gate.pass(() => examineThrough(faults, { url, only: isOfStreams ? ofStreams : [check] })),
        );
  }
});

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

async function examineThrough(
  faults: NetworkFaults,
  { url = listening.url, path = '', ...options }: ExamineOptions & { url?: string; path?: string } = {},
): Promise<DoctorReport> {
  const proxy = await startNetworkProxy(url, faults);
  try {
    return await examineCalmly(`${proxy.url}${path}`, options);
  } finally {
    proxy.close();
  }
}

/** Examines again while the machine is too busy to tell when frames come. */
async function examineCalmly(url: string, options: ExamineOptions = {}): Promise<DoctorReport> {
  const report = await examine(url, { pace, ...options });
  return report.checks.some(({ says }) => says.includes('too busy')) ? examineCalmly(url, options) : report;
}

/** Returns the checks that have found something, as `check: fault`. */
function toFaults({ checks }: DoctorReport): readonly string[] {
  return checks.flatMap(({ name, fault }) => (fault === undefined ? [] : [`${name}: ${fault}`]));
}

function toSays({ checks }: DoctorReport, name: string): string | undefined {
  return checks.find((check) => check.name === name)?.says;
}

test.each(namedFaults)('a network that $what is named', async ({ what, check, fault }) => {
  const report = await reports.get(what);
  expect(report && toFaults(report)).toContain(`${check}: ${fault}`);
});

test('one fault is named once, and no other beside it', async () => {
  const single: readonly NetworkFaults[] = [
    { requestHeaders: { host: 'inner' } },
    { requestHeaders: { cookie: null } },
    { cache: true },
    { http10: true },
  ];
  const named = await Promise.all(single.map((faults) => examineThrough(faults).then(toFaults)));
  expect(named).toEqual([['host: host'], ['headers: header'], ['cache: cached'], ['cut: clean-end']]);
});

test('faults that one check finds at once are all named, the worst first', async () => {
  const pairs: readonly (readonly [string, NetworkFaults])[] = [
    ['headers', { requestHeaders: { cookie: null }, responseHeaders: { 'set-cookie': null } }],
    ['headers', { requestHeaders: { cookie: null }, responseHeaders: { 'retry-after': null } }],
    ['host', { requestHeaders: { host: 'inner', origin: null } }],
    ['body', { longestUrl: 4_000, longestBody: 100_000 }],
    ['cache', { cache: true, sendTwice: ['POST'] }],
  ];
  const named = await Promise.all(
    pairs.map(async ([name, faults]) => {
      const { checks } = await examineThrough(faults, { only: [name] });
      return checks.filter((check) => check.name === name).flatMap(toFaultNames);
    }),
  );
  expect(named).toEqual([
    ['header', 'reply-header'],
    ['header', 'reply-header'],
    ['origin', 'host'],
    ['body-limit', 'url-limit'],
    ['cached', 'repeated'],
  ]);
});

test('a long way is no fault', async () => {
  const port = Number(new URL(listening.url).port);
  const proxy = await createFaultProxy({ port, plan: () => ({ up: { latencyMs: 1_200 } }) });
  const report = await examineCalmly(proxy.url, { only: ['stream', 'leaving', 'cache'] });
  await proxy.close();
  expect(report.checks.map(({ name }) => name)).toEqual(['reached', 'stream', 'leaving', 'cache']);
  expect(toFaults(report)).toEqual([]);
});

test('a healthy proxy has no fault, and neither has the server by itself', async () => {
  const [through, direct] = await Promise.all([examineThrough({}), examineCalmly(listening.url)]);
  for (const report of [through, direct]) {
    expect(toFaults(report)).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toEqual([
      'reached',
      'version',
      'front',
      'host',
      'headers',
      'address',
      'body',
      'stream',
      'blocks',
      'compression',
      'post',
      'cut',
      'leaving',
      'cache',
      'many',
      'path',
    ]);
  }
});

test('a TCP network that holds bytes is named, and one that slices them has no fault', async () => {
  const port = Number(new URL(listening.url).port);
  const through = async (down: object): Promise<readonly string[]> => {
    const proxy = await createFaultProxy({ port, plan: () => ({ down }) });
    const report = await examineCalmly(proxy.url);
    await proxy.close();
    return toFaults(report);
  };
  const [held, sliced] = await Promise.all([
    through({ holdBytes: 100_000 }),
    through({ slice: { min: 1, max: 3 } }),
  ]);
  expect(held).toContain('stream: held');
  expect(sliced).toEqual([]);
});

test('a proxy that passes on an invented address is named with the server that counts by it', async () => {
  const { url } = await serve({
    quotas: { address: (request) => request.header('x-forwarded-for')?.split(',').at(-1)?.trim() },
  });
  const report = await examineThrough({ forwardedFor: 'passed' }, { url, front: 'nginx', only: ['address'] });
  const address = report.checks.find(({ name }) => name === 'address');
  expect(address).toMatchObject({
    state: 'bad',
    lines: ['nginx:  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;'],
  });
  expect(toFaults(await examineThrough({ forwardedFor: 'replaced' }, { url, only: ['address'] }))).toEqual(
    [],
  );
});

test('a path that is taken off is no fault, unless the server expects it', async () => {
  const stripPrefix = '/agent';
  const only = ['host', 'path'];
  const based = await serve({ basePath: '/agent' });
  const [stripped, expected, kept] = await Promise.all([
    examineThrough({ stripPrefix }, { path: '/agent', token: 'any', only }),
    examineThrough({ stripPrefix }, { path: '/agent', url: based.url }),
    examineThrough({}, { path: '/agent', url: based.url, token: 'any', only }),
  ]);
  expect(toFaults(stripped)).toEqual([]);
  expect(toSays(stripped, 'path')).toBe('a part of the path is taken off, and a stream opens by its ticket');
  expect(toFaults(expected)).toEqual(['reached: prefix']);
  expect(toFaults(kept)).toEqual([]);
  expect(toSays(kept, 'path')).toBe('a stream opens by its ticket');
});

test('without the probe route the doctor does what it can', async () => {
  const { url } = await serve({ probe: false });
  const report = await examineThrough({ requestHeaders: { host: 'inner' } }, { url });
  expect(report.hasProbe).toBe(false);
  expect(toFaults(report)).toEqual(['host: host']);
  expect(toSays(report, 'stream')).toBe('needs the probe route');
  expect(toFaults(await examineCalmly(url))).toEqual([]);
});

test('an admin has the probe route without the option', async () => {
  const { url } = await serve({
    probe: false,
    authenticate: (request) =>
      request.header('authorization') === 'Bearer ops' ? { owner: 'ops', admin: true } : undefined,
  });
  const [admin, other] = await Promise.all([
    examineCalmly(url, { token: 'ops' }),
    examineCalmly(url, { token: 'other' }),
  ]);
  expect(admin.hasProbe).toBe(true);
  expect(toFaults(admin)).toEqual([]);
  expect(other.hasProbe).toBe(false);
  expect(toFaults(other)).toEqual(['path: token']);
});

test('over TLS the doctor speaks HTTP/2, and names a certificate that cannot be checked', async () => {
  const { remove, ...tls } = createCertificate();
  closing.push(remove);
  const { url } = await serve({}, { tls });
  const refused = await examineCalmly(url);
  expect(refused.kind).toBe('unreached');
  expect(toFaults(refused)).toEqual(['reached: certificate']);
  const report = await examineCalmly(url, { insecureTls: true, token: 'any' });
  // The certificate of the tests lives for two days.
  expect(toFaults(report)).toEqual(['reached: certificate']);
  expect(toSays(report, 'version')).toMatch(/^HTTP\/2/);
  expect(toSays(report, 'path')).toBe('a stream opens by its ticket');
});

test('a silence and a life that are too short are found by the long checks', async () => {
  const { url } = await serve({ keepaliveMs: 500, maxAgeMs: 800 });
  // The cut after 300 ms may be noticed late on a busy machine, but long before a keepalive of this server.
  const { url: slow } = await serve({ keepaliveMs: 10_000, maxAgeMs: 800 });
  const long = { long: true, only: [], pace: { ...pace, silencesMs: [100, 200, 900] } };
  const progress: string[] = [];
  const [fine, short] = await Promise.all([
    examineThrough({}, { ...long, url, onProgress: (sentence) => progress.push(sentence) }),
    examineThrough({ body: { idle: { ms: 300, how: 'clean' } } }, { ...long, url: slow }),
  ]);
  expect(toFaults(fine)).toEqual([]);
  expect(toSays(fine, 'silence')).toBe('silence is borne for 900 ms; keepalives come every 500 ms: fine');
  expect(progress).toContain('a silence of 100 ms is borne; 2 go on');
  expect(toFaults(short)).toEqual(expect.arrayContaining(['silence: idle', 'age: duration']));
});

test('nothing, another server and a wrong scheme are told in one sentence', async () => {
  const port = Number(new URL(listening.url).port);
  const found = await Promise.all(
    ['http://127.0.0.1:1', 'http://nowhere.invalid', `https://127.0.0.1:${port}`].map((url) =>
      examine(url, { pace }),
    ),
  );
  expect(found.map(({ kind }) => kind)).toEqual(['unreached', 'unreached', 'unreached']);
  expect(found.map((report) => toSays(report, 'reached'))).toEqual([
    'nothing listens on 127.0.0.1, port 1',
    'the name nowhere.invalid has no address',
    `127.0.0.1, port ${port}, does not speak TLS; try http://`,
  ]);
});
