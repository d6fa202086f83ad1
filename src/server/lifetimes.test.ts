import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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

/** Creates a server whose agent says one word, with a session of ada's. */
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

type Kind = readonly [name: string, method: string, path: string, body: unknown];

const kinds: readonly Kind[] = [
  ['a session’s stream', 'GET', '/stream/:session', undefined],
  ['a session’s stream in named events', 'GET', '/stream/:session?dialect=named', undefined],
  ['a one-shot stream', 'POST', '/stream', { prompt: 'hi' }],
  ['a one-shot stream by its URL', 'GET', '/stream?prompt=hi', undefined],
  ['a stream of several sessions', 'POST', '/streams', { sessions: { ':session': null } }],
];

/** Opens a stream of this kind. */
function open(session: string, [, method, path, body]: Kind): Promise<Response> {
  const named = JSON.parse(JSON.stringify(body ?? null).replace(':session', session)) as unknown;
  return ask(server, method, path.replace(':session', session), named ? { json: named } : {});
}

test.each(kinds)('%s sends auth_expired when its principal expires, and ends', async (...kind) => {
  const session = await setUp({ owner: 'ada', expiresAt: Date.now() + 60_000 });
  const response = await open(session, kind);
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

test('the streams of a revoked login end within 5 s, and no others', async () => {
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
  const openAs = (login: string) =>
    ask(server, 'GET', `/stream/${session}`, { headers: { 'x-login': login } });
  const phone = [await openAs('0'), await openAs('0')].map((response) => readFrames(response));
  const desk = await openAs('1');
  await vi.advanceTimersByTimeAsync(8_000);
  expect(server.load.streams).toBe(3);
  asked = 0;
  revoked.add('phone');
  await vi.advanceTimersByTimeAsync(5_000);
  for (const frames of await Promise.all(phone)) expect(frames.at(-1)).toSatisfy(isExpiry);
  expect(server.load.streams).toBe(1);
  // One call for each login, however many streams it has.
  expect(asked).toBe(2);
  expect((await openAs('0')).status).toBe(401);
  await desk.body?.cancel();
});

describe.each([
  ['throws', () => Promise.reject(new Error('down')), 6],
  ['does not answer', () => new Promise<boolean>(() => {}), 0],
])('when isRevoked %s', (_, fail, complaints) => {
  test.each(kinds)('%s stays for a while, and ends as if revoked', async (...kind) => {
    let isDown = false;
    const told: unknown[] = [];
    const session = await setUp(
      { owner: 'ada' },
      { onError: (error) => told.push(error), isRevoked: () => (isDown ? fail() : false) },
    );
    const reading = readFrames(await open(session, kind));
    await vi.advanceTimersByTimeAsync(4_000);
    isDown = true;
    await vi.advanceTimersByTimeAsync(24_000);
    expect(server.load.streams).toBe(1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect((await reading).at(-1)).toSatisfy(isExpiry);
    expect(server.load.streams).toBe(0);
    expect(told).toHaveLength(complaints);
    // A client that reconnects when isRevoked works again is checked anew.
    isDown = false;
    const again = await open(session, kind);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(server.load.streams).toBe(1);
    await again.body?.cancel();
  });
});

test('a stream stays when isRevoked fails now and then; requests are refused while it fails', async () => {
  let isDown = false;
  const isRevoked = (): boolean => {
    if (isDown) throw new Error('down');
    return false;
  };
  const session = await setUp({ owner: 'ada' }, { isRevoked });
  const response = await ask(server, 'GET', `/stream/${session}`);
  for (let minute = 0; minute < 3; minute += 1) {
    isDown = true;
    await vi.advanceTimersByTimeAsync(20_000);
    const refused = await ask(server, 'GET', '/sessions');
    expect(refused.status).toBe(503);
    expect(await refused.text()).not.toContain('down');
    isDown = false;
    await vi.advanceTimersByTimeAsync(4_000);
  }
  expect(server.load.streams).toBe(1);
  await response.body?.cancel();
});

test('a long poll gets no entries if its principal expires while it waits', async () => {
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
