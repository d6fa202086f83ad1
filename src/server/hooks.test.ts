import { afterEach, expect, test, vi } from 'vitest';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field } from './server.fixture.ts';

// An unhandled rejection fails the test run. So each of these tests also shows that there is none.
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

const fail = (): never => {
  throw new Error('The hook failed.');
};
// An async function where a synchronous one is expected.
const failLater = () => Object(Promise.reject(new Error('The hook failed.')));

/** Creates a server with a hook that fails, and collects the errors that it reports. */
function serve(options: Partial<ServerOptions>): { server: Server; told: unknown[] } {
  const told: unknown[] = [];
  const server = createTestServer(
    async function* () {
      yield 'x';
    },
    { onError: (error) => told.push(error), ...options },
  );
  servers.push(server);
  return { server, told };
}

test.each<[name: string, options: Partial<ServerOptions>, status: number]>([
  ['onAnswer', { onAnswer: fail }, 201],
  ['onAnswer, later', { onAnswer: failLater }, 201],
  ['authenticate', { authenticate: fail }, 500],
  ['authenticate, later', { authenticate: failLater }, 500],
  ['isRevoked', { isRevoked: fail }, 503],
  ['isRevoked, later', { isRevoked: failLater }, 503],
  ['address', { quotas: { address: fail } }, 500],
  ['a limiter', { quotas: { rates: [{ of: 'sessions', per: 'owner', limiter: { consume: fail } }] } }, 503],
])('%s fails: it is told, and the request is answered', async (_, options, status) => {
  const { server, told } = serve(options);
  expect((await ask(server, 'POST', '/session')).status).toBe(status);
  await vi.waitFor(() => expect(told).toHaveLength(1));
});

test.each([
  ['page', fail],
  ['page, later', failLater],
])('%s fails: it is told, and the request is answered', async (_, page) => {
  const { server, told } = serve({ page });
  expect((await ask(server, 'GET', '/')).status).toBe(500);
  expect(told).toHaveLength(1);
});

test('the page option may return a promise of undefined', async () => {
  const { server } = serve({ page: async () => undefined });
  expect((await ask(server, 'GET', '/')).status).toBe(404);
});

test.each([
  ['throws', fail],
  ['rejects', failLater],
])('an onError hook that %s does not affect requests', async (_, onError) => {
  const { server } = serve({ onError, onWarning: onError, onAnswer: fail, authenticate: fail });
  expect((await ask(server, 'POST', '/session')).status).toBe(500);
  expect((await server.fetch(new Request('http://other.example/sessions'))).status).toBe(403);
});

test('an isRevoked that fails while streams are open is reported, and ends no stream at once', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let isFailing = false;
  const { server, told } = serve({ isRevoked: () => (isFailing ? fail() : false) });
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  await ask(server, 'GET', `/stream/${session}`);
  isFailing = true;
  await vi.advanceTimersByTimeAsync(9_000);
  vi.useRealTimers();
  expect([told.length, server.load.streams]).toEqual([2, 1]);
});
