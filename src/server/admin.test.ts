import { afterEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { createBlocks } from './index.ts';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field } from './server.fixture.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

/** Creates two nodes over one store, whose agent works until it is stopped. */
function setUp(options: Partial<ServerOptions> = {}): readonly [Server, Server] {
  const store = memoryStore();
  const start = (): Server => {
    const server = createTestServer(
      async function* ({ signal, input }) {
        if (input.type === 'message') yield { type: 'custom', name: 'asked', data: input.content };
        yield 'word';
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      {
        store: { ...store, close: async () => {} },
        ...options,
        authenticate: (request) => {
          const owner = request.header('authorization');
          return owner === 'ops' ? { owner, admin: true } : owner;
        },
      },
    );
    servers.push(server);
    return server;
  };
  return [start(), start()];
}

function as(server: Server, owner: string, method: string, path: string, json?: unknown): Promise<Response> {
  return ask(server, method, path, {
    headers: { authorization: owner },
    ...(json !== undefined && { json }),
  });
}

/** Creates a session of an owner, with a running turn and waiting messages. */
async function busy(server: Server, owner: string, messages = 3): Promise<string> {
  const session = await field(await as(server, owner, 'POST', '/session'), 'session_id');
  for (let count = 0; count < messages; count += 1)
    await as(server, owner, 'POST', `/message/${session}`, { content: 'hi' });
  await vi.waitFor(async () => {
    const text = await (await as(server, owner, 'GET', `/events/${session}`)).text();
    expect(text).toContain('word');
  });
  return session;
}

async function atWork(server: Server, query = ''): Promise<readonly unknown[]> {
  const body: unknown = await (await as(server, 'ops', 'GET', `/admin/sessions${query}`)).json();
  const sessions: unknown = Reflect.get(Object(body), 'sessions');
  return Array.isArray(sessions) ? sessions : [];
}

test('an admin sees which sessions are at work, and nothing of their conversations', async () => {
  const [one, other] = setUp();
  const session = await busy(one, 'ada');
  await as(one, 'eve', 'POST', '/session');
  expect(await atWork(other)).toEqual([
    {
      session_id: session,
      owner: 'ada',
      kind: 'session',
      active_at: expect.any(Number),
      queued: 2,
      turn: expect.any(String),
    },
  ]);
  expect(await atWork(other, '?owner=eve')).toEqual([]);
});

test('a killed session stops, withdraws its waiting messages, and calls the agent no more', async () => {
  const [one, other] = setUp();
  const session = await busy(one, 'ada');
  const killed = await as(other, 'ops', 'POST', '/admin/kill', { session });
  expect([killed.status, await killed.json()]).toEqual([200, { killed: [session] }]);
  await vi.waitFor(async () => expect(await atWork(one)).toEqual([]));
  const events = await (await as(one, 'ada', 'GET', `/events/${session}`)).text();
  expect(events.match(/"type":"message_start"/g)).toHaveLength(1);
  expect(events.match(/"type":"withdraw"/g)).toHaveLength(2);
  expect(events).toContain('"outcome":"cancelled"');
  expect(events).toContain('word');
});

test('a kill stops the sessions of one owner, or all sessions, and no others', async () => {
  const [one, other] = setUp();
  await Promise.all([busy(one, 'ada'), busy(other, 'ada', 1), busy(one, 'eve')]);
  const kill = async (json: unknown): Promise<number> => {
    const body: unknown = await (await as(one, 'ops', 'POST', '/admin/kill', json)).json();
    const killed: unknown = Reflect.get(Object(body), 'killed');
    return Array.isArray(killed) ? killed.length : -1;
  };
  expect(await kill({ owner: 'ada' })).toBe(2);
  await vi.waitFor(async () => expect(await atWork(one)).toHaveLength(1));
  expect(await kill({ all: true })).toBe(1);
  await vi.waitFor(async () => expect(await atWork(one)).toEqual([]));
});

test('a kill must name its target; an unknown session cannot be killed', async () => {
  const [one] = setUp();
  for (const json of [{}, { all: false }, { all: true, owner: 'ada' }, { session: 1 }]) {
    expect((await as(one, 'ops', 'POST', '/admin/kill', json)).status, JSON.stringify(json)).toBe(400);
  }
  expect((await as(one, 'ops', 'POST', '/admin/kill', { session: 'nowhere' })).status).toBe(404);
});

test('a blocked owner gets in again when the block expires, or when an admin ends it', async () => {
  const [one, other] = setUp({ blocks: createBlocks() });
  const session = await busy(one, 'ada');
  const url = await field(await as(one, 'ada', 'POST', `/link/${session}`), 'url');
  const link = url.replace('..', '');
  const stream = await as(one, 'ada', 'GET', `/stream/${session}`);
  const eves = await as(other, 'eve', 'GET', `/stream/${await busy(one, 'eve')}`);
  const enter = async (owner: string) => (await as(other, owner, 'GET', '/sessions')).status;
  const keepOut = async (seconds: number) =>
    (await as(one, 'ops', 'POST', '/admin/kill', { owner: 'ada', for: seconds })).json();

  expect(await keepOut(3_600)).toEqual({ killed: [session] });
  expect([await enter('ada'), await enter('eve')]).toEqual([401, 200]);
  // Her link does not let her in either.
  expect((await ask(other, 'GET', link)).status).toBe(401);
  expect((await as(other, 'ada', 'POST', '/stream', { prompt: 'hi' })).status).toBe(401);
  // Her stream ends as if her login were revoked. Streams of other owners stay.
  await vi.waitFor(() => expect(one.load.streams).toBe(0), { timeout: 6_000 });
  expect(await stream.text()).toContain('auth_expired');
  expect(other.load.streams).toBe(1);
  await eves.body?.cancel();

  expect(await keepOut(0)).toEqual({ killed: [] });
  expect(await enter('ada')).toBe(200);
  await keepOut(0.05);
  await vi.waitFor(async () => expect(await enter('ada')).toBe(200));
  // The contrast: an owner that was only stopped may continue.
  await as(one, 'ops', 'POST', '/admin/kill', { owner: 'ada' });
  expect(await enter('ada')).toBe(200);
});

test('a block needs an owner, a valid time, and a server with blocks', async () => {
  const kill = async (server: Server, json: unknown) =>
    (await as(server, 'ops', 'POST', '/admin/kill', json)).status;
  const [one] = setUp({ blocks: createBlocks() });
  for (const json of [
    { all: true, for: 60 },
    { session: 'x', for: 60 },
    { for: 60 },
    ...[-1, '60', null, Number.MAX_VALUE].map((time) => ({ owner: 'ada', for: time })),
  ])
    expect(await kill(one, json), JSON.stringify(json)).toBe(400);
  expect((await as(one, 'ada', 'POST', '/admin/kill', { owner: 'eve', for: 60 })).status).toBe(404);
  expect((await as(one, 'eve', 'GET', '/sessions')).status).toBe(200);
  const [without] = setUp();
  expect(await kill(without, { owner: 'ada', for: 60 })).toBe(400);
});
