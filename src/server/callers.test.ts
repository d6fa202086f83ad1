import { afterEach, expect, test } from 'vitest';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field } from './server.fixture.ts';

const secrets = ['a'.repeat(40), 'b'.repeat(40)] as const;
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

/** Creates a server that takes the owner from a header. */
function serve(options: Partial<ServerOptions> = {}): Server {
  const server = createTestServer(
    async function* () {
      yield 'hello';
    },
    { authenticate: (request) => request.header('x-who'), ...options },
  );
  servers.push(server);
  return server;
}

const as = (who: string): RequestInit => ({ headers: { 'x-who': who } });
const nameOf = async (server: Server, who: string): Promise<string> =>
  field(await ask(server, 'GET', '/caller', as(who)), 'caller');

test('a caller has one name, which no other caller has, and which does not reveal the owner', async () => {
  const server = serve();
  const name = await nameOf(server, 'ada@example.com');
  expect(await nameOf(server, 'ada@example.com')).toBe(name);
  expect(await nameOf(server, 'eve@example.com')).not.toBe(name);
  const readable = atob(name.split('.')[0] ?? '');
  expect(`${name} ${readable}`).not.toMatch(/ada|example/);
  expect(name).toMatch(/^[\w.-]+$/);
});

test('the name is the same on every node with the same secrets, and different without them', async () => {
  const name = await nameOf(serve({ secrets }), 'ada');
  expect(await nameOf(serve({ secrets }), 'ada')).toBe(name);
  expect(await nameOf(serve({ secrets: [secrets[1]] }), 'ada')).not.toBe(name);
  expect(await nameOf(serve(), 'ada')).not.toBe(await nameOf(serve(), 'ada'));
});

test('without auth, all callers have the same name', async () => {
  const server = createTestServer(async function* () {
    yield 'hello';
  });
  servers.push(server);
  expect(await nameOf(server, '')).toBe(await nameOf(server, 'ada'));
});

test('a request that names its caller is answered for that caller only', async () => {
  const server = serve();
  const name = await nameOf(server, 'ada');
  const listed = (who: string, caller: string): Promise<Response> =>
    ask(server, 'GET', `/sessions?caller=${caller}`, as(who));
  expect((await listed('ada', name)).status).toBe(200);
  for (const [who, caller] of [
    ['eve', name],
    ['ada', 'x'],
    ['ada', ''],
    ['ada', `${name}x`],
  ] as const) {
    const refused = await listed(who, caller);
    expect(refused.status).toBe(412);
    expect(await field(refused, 'code')).toBe('other_caller');
  }
});

test('a name signed with an older secret is valid until that secret is removed', async () => {
  const name = await nameOf(serve({ secrets: [secrets[0]] }), 'ada');
  const named = async (now: readonly string[]): Promise<number> =>
    (await ask(serve({ secrets: now }), 'GET', `/sessions?caller=${name}`, as('ada'))).status;
  expect(await named([secrets[1], secrets[0]])).toBe(200);
  expect(await named([secrets[1]])).toBe(412);
});

test('a stream of several sessions is not opened for another caller', async () => {
  const server = serve();
  const name = await nameOf(server, 'ada');
  const opened = await ask(server, 'POST', `/streams?caller=${name}`, {
    ...as('eve'),
    json: { sessions: {} },
  });
  expect(opened.status).toBe(412);
});

test('open routes ignore the name', async () => {
  expect((await ask(serve(), 'GET', '/health?caller=x')).status).toBe(200);
});
