import { RateLimiterMemory } from 'rate-limiter-flexible';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ask, createTestServer, readFrames } from '../server.fixture.ts';
import type { Server, ServerOptions } from '../index.ts';

function serve(options: Partial<ServerOptions> = {}): Server {
  const server = createTestServer(async function* () {}, options);
  onTestFinished(() => server.close(0));
  return server;
}

const path = '/health/stream';

async function readJsonOf(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}

test('without the option, the routes are there for admins only, and for others like any unknown path', async () => {
  const server = serve({
    authenticate: (request) => {
      const name = request.header('x-who');
      return name === undefined ? undefined : { owner: name, admin: name === 'ops' };
    },
    page: (at) => (at === path ? { type: 'whole', status: 200, headers: {}, body: 'page' } : undefined),
  });
  const unknown = await ask(server, 'POST', '/health/unknown', { json: {} });
  for (const who of [undefined, 'ada'])
    for (const [method, at] of [
      ['POST', path],
      ['PUT', path],
      ['DELETE', '/health/left'],
      ['GET', '/health/left?id=a'],
    ] as const) {
      const response = await ask(server, method, at, { ...(who && { headers: { 'x-who': who } }) });
      expect(response.status, `${method} ${at} of ${who}`).toBe(404);
      expect([...response.headers]).toEqual([...unknown.headers]);
    }
  // Anything that the framework or the page has at this path is seen.
  expect(await (await ask(server, 'GET', path)).text()).toBe('page');
  expect((await ask(server, 'GET', `${path}?mode=echo`, { headers: { 'x-who': 'ops' } })).status).toBe(200);
});

test('without the option, tokens cannot be tried out faster than the rate of an address allows', async () => {
  let tried = 0;
  const server = serve({
    authenticate: () => ((tried += 1), undefined),
    quotas: {
      address: () => '192.0.2.1',
      rates: [
        { of: 'requests', per: 'address', limiter: new RateLimiterMemory({ points: 3, duration: 60 }) },
      ],
    },
  });
  const statuses: number[] = [];
  for (let index = 0; index < 5; index += 1) statuses.push((await ask(server, 'GET', path)).status);
  expect([statuses, tried]).toEqual([[404, 404, 404, 429, 429], 3]);
});

test('a revoked or blocked admin does not find the routes', async () => {
  const server = serve({ authenticate: () => ({ owner: 'ops', admin: true }), isRevoked: () => true });
  expect((await ask(server, 'GET', `${path}?mode=echo`)).status).toBe(404);
});

test('an echo tells what arrives of the values that the caller names', async () => {
  const server = serve({ probe: true });
  const id = 'run.echo';
  const send = async (headers: Record<string, string>): Promise<Record<string, unknown>> =>
    readJsonOf(
      await ask(
        server,
        'POST',
        `${path}?mode=echo&id=${id}&host=localhost&at=/agent${path}&type=text/plain`,
        {
          headers: { 'content-type': 'text/plain', ...headers },
          body: 'hello',
        },
      ),
    );
  const told = await send({ 'last-event-id': `doctor-${id}`, 'idempotency-key': 'other' });
  expect(told).toMatchObject({
    id,
    host: 'arrived',
    path: 'shorter',
    content_type: 'arrived',
    bytes: 5,
    asked: { GET: 0, POST: 1 },
    counted_by: 'nothing',
    forged: 'removed',
  });
  expect(told['headers']).toMatchObject({
    'last-event-id': 'arrived',
    'idempotency-key': 'changed',
    cookie: 'lost',
  });
  expect((await send({ cookie: `lb=1; heddle_doctor=${id}` }))['headers']).toMatchObject({
    cookie: 'arrived',
  });
  const forged = await send({ 'x-forwarded-for': '203.0.113.77, 10.0.0.1' });
  expect(forged).toMatchObject({ forged: 'added to', asked: { POST: 3 } });
  expect(JSON.stringify(forged)).not.toContain('10.0.0.1');
});

test('an echo tells of a Host that was changed, and why a page would be refused', async () => {
  const server = serve({ probe: true });
  const query = 'mode=echo&host=chat.example.com&origin=https://chat.example.com';
  const response = await ask(server, 'GET', `${path}?${query}`, {
    headers: { origin: 'https://chat.example.com' },
  });
  expect(await readJsonOf(response)).toMatchObject({
    host: 'changed',
    host_seen: 'localhost',
    origin: 'arrived',
    refused: { code: 'forbidden_origin' },
  });
});

test('quotas that count by the invented address are told', async () => {
  const server = serve({
    probe: true,
    quotas: { address: (request) => request.header('x-forwarded-for')?.split(', ')[0] },
  });
  const headers = { 'x-forwarded-for': '203.0.113.77' };
  const told = await readJsonOf(await ask(server, 'GET', `${path}?mode=echo`, { headers }));
  expect(told).toMatchObject({ counted_by: 'forged', forged: 'alone' });
});

test('a stream tells first, then sends its frames, and ends', async () => {
  // On a busy machine the silence may be over before its first keepalive is due.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const server = serve({ probe: true });
  const response = await ask(server, 'GET', `${path}?n=3&gap=10&pad=20&first=50&silent=30&beat=10`);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const reading = response.clone().text();
  await vi.advanceTimersByTimeAsync(60);
  const text = await reading;
  expect(text.match(/^: keepalive$/gm)?.length).toBeGreaterThan(0);
  const frames = await readFrames(response);
  expect(frames.map(({ event, id }) => [event, id])).toEqual([
    ['told', ''],
    ['message', '1'],
    ['message', '2'],
    ['message', '3'],
  ]);
  expect(frames[1]?.data).toMatch(/^\d+ [a-z\d]{20}$/);
  const sent = frames.slice(1).map(({ data }) => Number(data.split(' ')[0]));
  expect(sent[0]).toBeGreaterThanOrEqual(38);
  expect(sent).toEqual(sent.toSorted((one, other) => one - other));
});

test('a stream can end as one that was cut, and a reader who leaves is seen to leave', async () => {
  const server = serve({ probe: true });
  const cut = await ask(server, 'POST', `${path}?n=0&end=cut`);
  await expect(cut.text()).rejects.toThrow('cut');

  const leaving = await ask(server, 'GET', `${path}?id=run.left&silent=60000`);
  const find = async (): Promise<Record<string, unknown>> =>
    readJsonOf(await ask(server, 'GET', '/health/left?id=run.left'));
  expect(await find()).toEqual({ left_ms_ago: null, open: 1, asked: { GET: 1, POST: 0 } });
  await leaving.body?.cancel();
  expect(await find()).toMatchObject({ left_ms_ago: expect.any(Number), open: 0 });
  expect((await ask(server, 'GET', '/health/left?id=run.other')).status).toBe(404);
});

test.each([
  'n=201',
  'gap=9',
  'gap=5001',
  'pad=65537',
  'silent=1200001',
  'silent=1199999&n=1',
  'beat=9',
  'end=never',
  'mode=other',
  'n=-1',
  'n=1.5',
  'id=a/b',
  'id=',
])('%s is malformed', async (query) => {
  const response = await ask(serve({ probe: true }), 'GET', `${path}?${query}`);
  expect(await readJsonOf(response)).toMatchObject({ status: 400, code: 'malformed' });
});

test('eight runs may be at work at once, each with 64 streams', async () => {
  const server = serve({ probe: true });
  const open = (id: string): Promise<Response> => ask(server, 'GET', `${path}?id=${id}&silent=60000`);
  const runs = await Promise.all(Array.from({ length: 8 }, (_, index) => open(`run${index}`)));
  expect((await open('run8')).status).toBe(429);
  await runs[0]?.body?.cancel();
  const many = await Promise.all(Array.from({ length: 65 }, (_, index) => open(`run8.s${index}`)));
  expect(many.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(64);
  expect(many.at(-1)?.status).toBe(429);
});

test('a server that closes ends the streams of probes', async () => {
  const server = createTestServer(async function* () {}, { probe: true });
  const response = await ask(server, 'GET', `${path}?silent=60000`);
  await server.close(0);
  expect(await readFrames(response)).toHaveLength(1);
  expect((await ask(server, 'GET', path)).status).toBe(503);
});

test('HEAD has no stream to answer with', async () => {
  expect((await ask(serve({ probe: true }), 'HEAD', path)).status).toBe(405);
});
