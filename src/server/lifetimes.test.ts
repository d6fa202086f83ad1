import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Principal, Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field, readFrames } from './server.fixture.ts';

let server: Server;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close(0);
});

/** A server whose agent says a word and no more, with a session of ada's. */
async function setUp(principal: Principal, options: Partial<ServerOptions> = {}): Promise<string> {
  server = createTestServer(
    async function* ({ signal }) {
      yield 'word';
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    { authenticate: () => principal, ...options },
  );
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'hi' } });
  return session;
}

const isExpiry = ({ data, event }: { data: string; event?: string }): boolean =>
  event === 'auth_expired' || data.includes('"type":"auth_expired"');

test.each([
  ['a session’s stream', 'GET', '/stream/:session', undefined],
  ['a session’s stream in named events', 'GET', '/stream/:session?dialect=named', undefined],
  ['a one-shot stream', 'POST', '/stream', { prompt: 'hi' }],
  ['a stream of several sessions', 'POST', '/streams', { sessions: { ':session': null } }],
])('%s says that its principal’s time is over, and ends', async (_, method, path, body) => {
  const session = await setUp({ owner: 'ada', expiresAt: Date.now() + 60_000 });
  const named = JSON.parse(JSON.stringify(body ?? null).replace(':session', session)) as unknown;
  const response = await ask(server, method, path.replace(':session', session), named ? { json: named } : {});
  expect(response.status).toBe(200);
  const reading = readFrames(response);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(server.load.streams).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  const frames = await reading;
  expect(frames.filter(isExpiry)).toHaveLength(1);
  expect(frames.at(-1)).toSatisfy(isExpiry);
  expect(server.load.streams).toBe(0);
  expect((await ask(server, 'GET', `/stream/${session}`)).status).toBe(401);
});

test('the streams of a login that is revoked end within 5 s, and nobody else’s', async () => {
  const revoked = new Set<string | undefined>();
  const principals: readonly Principal[] = [
    { owner: 'ada', credential: 'phone' },
    { owner: 'ada', credential: 'desk' },
  ];
  let asked = 0;
  const session = await setUp(
    { owner: 'ada' },
    {
      authenticate: (request) => principals[Number(request.header('x-login') ?? 0)],
      isRevoked: ({ credential }) => {
        asked += 1;
        return revoked.has(credential);
      },
    },
  );
  const open = (login: string) => ask(server, 'GET', `/stream/${session}`, { headers: { 'x-login': login } });
  const phone = [await open('0'), await open('0')].map((response) => readFrames(response));
  const desk = await open('1');
  await vi.advanceTimersByTimeAsync(8_000);
  expect(server.load.streams).toBe(3);
  asked = 0;
  revoked.add('phone');
  await vi.advanceTimersByTimeAsync(5_000);
  for (const frames of await Promise.all(phone)) expect(frames.at(-1)).toSatisfy(isExpiry);
  expect(server.load.streams).toBe(1);
  // One question a login, however many streams it has.
  expect(asked).toBe(2);
  expect((await open('0')).status).toBe(401);
  await desk.body?.cancel();
});

test('a stream stays while nobody can say whether it may, and that is told', async () => {
  let isDown = false;
  const told: unknown[] = [];
  const session = await setUp(
    { owner: 'ada' },
    {
      onError: (error) => told.push(error),
      isRevoked: () => {
        if (isDown) throw new Error('down');
        return false;
      },
    },
  );
  const response = await ask(server, 'GET', `/stream/${session}`);
  isDown = true;
  await vi.advanceTimersByTimeAsync(9_000);
  expect(server.load.streams).toBe(1);
  expect(told).toHaveLength(2);
  expect((await ask(server, 'GET', '/sessions')).status).toBe(500);
  isDown = false;
  await response.body?.cancel();
});

test('who waits for entries when their time is over gets none', async () => {
  vi.useRealTimers();
  const principal = { owner: 'ada', expiresAt: Infinity };
  const session = await setUp(principal);
  let last = '';
  for (let known = ''; !known.includes('word');) {
    const page = await ask(server, 'GET', `/events/${session}${last && `?after=${last}`}`);
    known = await page.text();
    last = [...known.matchAll(/"id":"(\d+-\w{6})"/g)].at(-1)?.[1] ?? last;
  }
  principal.expiresAt = Date.now() + 300;
  expect((await ask(server, 'GET', `/events/${session}?after=${last}&wait=1`)).status).toBe(401);
});
