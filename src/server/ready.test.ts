import { afterEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { RefusalCode } from '../protocol/index.ts';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field } from './server.fixture.ts';

const servers: Server[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) await server.close(0);
});

function serve(store: Partial<Store>, options: Partial<ServerOptions> = {}): Server {
  const server = createTestServer(async function* () {}, {
    ...options,
    store: { ...memoryStore(), ...store },
  });
  servers.push(server);
  return server;
}

async function isReady(server: Server): Promise<string> {
  const response = await ask(server, 'GET', '/ready');
  return response.status === 200 ? 'ready' : field(response, 'code');
}

test.each<RefusalCode>(['unavailable', 'storage_full'])(
  'a server whose store can be read but not written (%s) is alive, but not ready',
  async (code) => {
    let isBroken = true;
    const check = async (): Promise<void> => {
      if (isBroken) throw new RefusalError(code);
    };
    const server = serve({ check });
    expect(await isReady(server)).toBe(code);
    expect((await ask(server, 'GET', '/health')).status).toBe(200);
    isBroken = false;
    expect(await isReady(server)).toBe('ready');
  },
);

test('a server whose store cannot be read is not ready', async () => {
  const store = memoryStore();
  const read = (): Promise<never> => Promise.reject(new RefusalError('unavailable'));
  expect(await isReady(serve({ log: { ...store.log, read } }))).toBe('unavailable');
});

test('a server that cannot look up due turns is not ready', async () => {
  const { leases } = memoryStore();
  const due = (): Promise<never> => Promise.reject(new Error('no such column'));
  const server = serve({ leases: { ...leases, due } });
  await vi.waitFor(async () => expect(await isReady(server)).toBe('unavailable'));
});

test('a server whose store does not answer is not ready, and does not keep probes waiting', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = serve({ check: () => promise });
  const asked = isReady(server);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await asked).toBe('unavailable');
  resolve();
  expect(await isReady(server)).toBe('ready');
});

test('however often probes ask, the store is checked at most ten times a second', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let checks = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = (): Promise<void> => {
    checks += 1;
    return promise;
  };
  const server = serve({ check });
  const asked = Array.from({ length: 20 }, () => isReady(server));
  await vi.waitFor(() => expect(checks).toBe(1));
  resolve();
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['ready']));
  await isReady(server);
  expect(checks).toBe(1);
  vi.advanceTimersByTime(100);
  await isReady(server);
  expect(checks).toBe(2);
});
