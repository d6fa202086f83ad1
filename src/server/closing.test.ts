import { expect, test } from 'vitest';
import { a2a, agUi, aiSdk, mcp, openAi } from '../dialects/index.ts';
import { memoryStore } from '../log/index.ts';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field } from './server.fixture.ts';

const dialects = [aiSdk(), agUi(), openAi(), a2a(), mcp()];

function serve(options: Partial<ServerOptions> = {}): { server: Server; told: unknown[] } {
  const told: unknown[] = [];
  const onError = (error: unknown): void => void told.push(error);
  const server = createTestServer(async function* () {}, { dialects, onError, ...options });
  return { server, told };
}

test('after close(), every route says that the server shuts down, and no error is logged', async () => {
  const { server, told } = serve({ probe: true });
  const routes = server.routes.filter(({ path }) => path !== '/health');
  expect(routes.length).toBeGreaterThan(30);
  // While it closes, and when it is closed.
  for (const closed of [server.close(0), await server.close(0)]) {
    for (const { method, path } of routes) {
      const at = path.replaceAll(/(?<=\/):\w+/g, 'abc');
      const json = method === 'POST' ? { json: {} } : {};
      const response = await ask(server, method, at, json);
      expect(response.status, `${method} ${path}`).toBe(503);
      expect(Number(response.headers.get('retry-after')), `${method} ${path}`).toBeGreaterThan(0);
    }
    expect((await ask(server, 'GET', '/health')).status).toBe(200);
    await closed;
  }
  expect(told).toEqual([]);
});

test('each dialect says so in its own words', async () => {
  const { server } = serve();
  await server.close(0);
  const read = async (path: string): Promise<unknown> =>
    (await ask(server, 'POST', path, { json: {} })).json();
  expect(await read('/session')).toMatchObject({ code: 'draining', status: 503 });
  expect(await read('/v1/responses')).toMatchObject({ error: { type: 'server_error', code: 'draining' } });
  expect(await read('/a2a/message:send')).toMatchObject({ error: { code: 503, status: 'UNAVAILABLE' } });
  expect(await read('/mcp')).toMatchObject({ jsonrpc: '2.0', error: { message: expect.any(String) } });
});

test('a foreign host name is refused as before, and the page is still there', async () => {
  const page = () => ({ type: 'whole', status: 200, headers: {}, body: 'page' }) as const;
  const { server } = serve({ page });
  await server.close(0);
  const evil = await ask(server, 'GET', '/sessions', { headers: { host: 'evil.example' } });
  expect(await field(evil, 'code')).toBe('forbidden_host');
  expect(await (await ask(server, 'GET', '/')).text()).toBe('page');
});

test.each(['/session/abc', '/ai/abc/stream'])(
  'a request to %s that meets the closed store is told the same, and no error is logged',
  async (path) => {
    const store = memoryStore();
    const reading = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const read = async (): Promise<never> => {
      reading.resolve();
      await closed.promise;
      throw new Error('The database is not open.');
    };
    const { server, told } = serve({
      store: { ...store, log: { ...store.log, read }, close: async () => closed.resolve() },
    });
    const asked = ask(server, 'GET', path);
    await reading.promise;
    await server.close(0);
    const response = await asked;
    expect([response.status, response.headers.has('retry-after')]).toEqual([503, true]);
    expect(told).toEqual([]);
  },
);
