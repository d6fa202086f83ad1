// Every route against every kind of caller.
import { afterEach, expect, test } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import type { Store } from 'heddle/log';
import { createBlocks, createServer } from 'heddle/server';
import type { Principal, Route, Server } from 'heddle/server';

type Who = 'owner' | 'other' | 'anonymous' | 'expired' | 'blocked' | 'admin';

const people: Readonly<Record<Who, Principal | undefined>> = {
  owner: { owner: 'ada' },
  other: { owner: 'eve' },
  anonymous: undefined,
  expired: { owner: 'ada', expiresAt: Date.now() - 1 },
  // The block holds for admins too.
  blocked: { owner: 'mallory', admin: true },
  admin: { owner: 'ops', admin: true },
};

// The responses to each caller about a session of ada's, or without a session. An admin cannot read other
// people's sessions.
const matrix: Readonly<Record<string, Readonly<Record<Who, number>>>> = {
  'POST /session': { owner: 201, other: 201, anonymous: 401, expired: 401, blocked: 401, admin: 201 },
  'GET /sessions': { owner: 200, other: 200, anonymous: 401, expired: 401, blocked: 401, admin: 200 },
  'GET /caller': { owner: 200, other: 200, anonymous: 401, expired: 401, blocked: 401, admin: 200 },
  'GET /session/:session': { owner: 200, other: 404, anonymous: 401, expired: 401, blocked: 401, admin: 404 },
  'DELETE /session/:session': {
    owner: 204,
    other: 404,
    anonymous: 401,
    expired: 401,
    blocked: 401,
    admin: 404,
  },
  'POST /message/:session': {
    owner: 202,
    other: 404,
    anonymous: 401,
    expired: 401,
    blocked: 401,
    admin: 404,
  },
  'POST /cancel/:session': { owner: 202, other: 404, anonymous: 401, expired: 401, blocked: 401, admin: 404 },
  'POST /answer/:session': { owner: 409, other: 404, anonymous: 401, expired: 401, blocked: 401, admin: 404 },
  'POST /withdraw/:session': {
    owner: 409,
    other: 404,
    anonymous: 401,
    expired: 401,
    blocked: 401,
    admin: 404,
  },
  'POST /ticket/:session': { owner: 201, other: 404, anonymous: 401, expired: 401, blocked: 401, admin: 404 },
  'POST /link/:session': { owner: 201, other: 404, anonymous: 401, expired: 401, blocked: 401, admin: 404 },
  'GET /stream': { owner: 200, other: 200, anonymous: 401, expired: 401, blocked: 401, admin: 200 },
  'POST /stream': { owner: 200, other: 200, anonymous: 401, expired: 401, blocked: 401, admin: 200 },
  // The stream reports sessions that are not the caller's.
  'POST /streams': { owner: 200, other: 200, anonymous: 401, expired: 401, blocked: 401, admin: 200 },
  'GET /stream/:session': { owner: 200, other: 404, anonymous: 401, expired: 401, blocked: 401, admin: 404 },
  'GET /events/:session': { owner: 200, other: 404, anonymous: 401, expired: 401, blocked: 401, admin: 404 },
  'GET /admin/sessions': { owner: 404, other: 404, anonymous: 401, expired: 401, blocked: 401, admin: 200 },
  'POST /admin/kill': { owner: 404, other: 404, anonymous: 401, expired: 401, blocked: 401, admin: 200 },
  'GET /health': { owner: 200, other: 200, anonymous: 200, expired: 200, blocked: 200, admin: 200 },
  // Without the option `probe`, the routes of `heddle doctor` are there for admins only.
  'GET /health/stream': { owner: 404, other: 404, anonymous: 404, expired: 404, blocked: 404, admin: 200 },
  'POST /health/stream': { owner: 404, other: 404, anonymous: 404, expired: 404, blocked: 404, admin: 200 },
  'GET /health/left': { owner: 404, other: 404, anonymous: 404, expired: 404, blocked: 404, admin: 400 },
  'GET /ready': { owner: 200, other: 200, anonymous: 200, expired: 200, blocked: 200, admin: 200 },
};

const everybody: readonly Who[] = ['owner', 'other', 'anonymous', 'expired', 'blocked', 'admin'];
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

/** Starts a server where a header names the caller. */
function serve(store: Store = memoryStore()): Server {
  const agent = defineAgent({
    open: () =>
      async function* () {
        yield 'hello';
      },
  });
  const isWho = (name: string | undefined): name is Who => name !== undefined && Object.hasOwn(people, name);
  const blocks = createBlocks();
  void blocks.block('mallory', 60_000);
  const server = createServer({
    agent,
    store,
    blocks,
    gatherMs: 0,
    onError: () => {},
    authenticate: (request) => {
      const name = request.header('x-who');
      return isWho(name) ? people[name] : undefined;
    },
  });
  servers.push(server);
  return server;
}

async function ask(
  server: Server,
  { method, path }: Pick<Route, 'method' | 'path'>,
  who: Who,
  session: string,
): Promise<Response> {
  const all = { prompt: 'x', content: 'x', message_id: 'm', approval_id: 'a', decision: true };
  const body = JSON.stringify({ ...all, all: true, sessions: { [session]: null } });
  const gone = new AbortController();
  const response = await server.fetch(
    new Request(`http://localhost${path.replace(':session', session)}?prompt=x`, {
      method,
      signal: gone.signal,
      headers: { 'x-who': who, ...(method === 'POST' && { 'content-type': 'application/json' }) },
      ...(method === 'POST' && { body }),
    }),
  );
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  // An endless response needs only its head here.
  if (isStream) gone.abort();
  return isStream ? new Response(undefined, response) : response;
}

async function create(server: Server): Promise<string> {
  const response = await ask(server, { method: 'POST', path: '/session' }, 'owner', '');
  const { session_id: session }: { session_id?: unknown } = Object(await response.json());
  return String(session);
}

test('every route has a row, and every row has a route', () => {
  const routes = serve().routes.map(({ method, path }) => `${method} ${path}`);
  expect(Object.keys(matrix).toSorted()).toEqual(routes.toSorted());
});

test.each(Object.entries(matrix))('%s answers every caller as the matrix says', async (name, row) => {
  const server = serve();
  const route = server.routes.find(({ method, path }) => `${method} ${path}` === name);
  if (route === undefined) throw new Error(`There is no route ${name}.`);
  const answered: Partial<Record<Who, number>> = {};
  for (const who of everybody) answered[who] = (await ask(server, route, who, await create(server))).status;
  expect(answered).toEqual(row);
});

test("another person's session and a missing one get the same bytes, after the same reads of the store", async () => {
  const store = memoryStore();
  const calls: string[] = [];
  const log = new Proxy(store.log, {
    get: (target, name, receiver) => {
      calls.push(String(name));
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  const server = serve({ ...store, log });
  const session = await create(server);
  const routes = server.routes.filter(({ path }) => path.includes(':session'));
  for (const who of ['other', 'admin'] as const) {
    for (const route of routes) {
      const seen = [];
      for (const id of [session, 'A'.repeat(session.length)]) {
        calls.length = 0;
        const response = await ask(server, route, who, id);
        const headers = Object.fromEntries(response.headers);
        seen.push({ status: response.status, headers, body: await response.text(), calls: [...calls] });
      }
      expect(seen[0], `${route.method} ${route.path} for ${who}`).toEqual(seen[1]);
      expect(seen[0]?.status).toBe(404);
      expect(seen[0]?.calls.length).toBeGreaterThan(0);
    }
  }
});
