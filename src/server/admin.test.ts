import { afterEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Server } from './index.ts';
import { ask, createTestServer, field } from './server.fixture.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

/** Two nodes over one store, whose agent goes on until it is stopped. */
function setUp(): readonly [Server, Server] {
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

/** A session of someone's with a turn that runs and messages that wait. */
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

test('an admin sees who is at work, and nothing they say', async () => {
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

test('what is killed stops, takes back what waits, and asks the agent nothing more', async () => {
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

test('an owner’s sessions are killed, or everybody’s, and the others go on', async () => {
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

test('a kill says what it is for; what is not there cannot be killed', async () => {
  const [one] = setUp();
  for (const json of [{}, { all: false }, { all: true, owner: 'ada' }, { session: 1 }]) {
    expect((await as(one, 'ops', 'POST', '/admin/kill', json)).status, JSON.stringify(json)).toBe(400);
  }
  expect((await as(one, 'ops', 'POST', '/admin/kill', { session: 'nowhere' })).status).toBe(404);
});
