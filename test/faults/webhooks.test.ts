// A webhook is told every change, in order, whenever a node dies.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { memoryStore } from '../../src/log/index.ts';
import type { Store } from '../../src/log/index.ts';
import type { Turn } from '../../src/protocol/index.ts';
import { createWebhookRig, toTold } from '../../src/server/webhooks/webhooks.fixture.ts';
import type { SentNotice, WebhookRig } from '../../src/server/webhooks/webhooks.fixture.ts';
import { createMortalStore } from '../rig/mortal-store.ts';
import { startRedis } from '../rig/redis-server.ts';
import type { RedisServer } from '../rig/redis-server.ts';
import { shareRedis, shareSqlite } from '../rig/shared-stores.ts';

const leaseMs = 40;
const webhook = { url: 'https://hooks.example.com/', token: 'tok' };

async function* answer({ input, turn }: Turn) {
  if (input.type === 'message')
    yield { type: 'approval_request', approval: `may-${turn}`, reason: 'sure?' } as const;
  else yield 'done';
}

/** Returns a store that kills a node at one of its calls, right after that call's effect. */
function dieAt(store: Store, call: number): { readonly store: Store; readonly hasDied: () => boolean } {
  let calls = 0;
  const count = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function' || name === 'watch')
          return typeof method === 'function' ? method.bind(target) : method;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const result: unknown = await Reflect.apply(method, target, args);
          calls += 1;
          if (calls === call) mortal.kill();
          return result;
        };
      },
    });
  const { log, leases, sessions, snapshots, checkpoints } = store;
  const parts = { log, leases, sessions, snapshots, checkpoints };
  const counted = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, count(part)]));
  const mortal = createMortalStore({ ...store, ...counted });
  return { store: mortal.store, hasDied: () => calls >= call };
}

function checkTold(sent: readonly SentNotice[]): void {
  const changes = toTold(sent).map(({ change }) => change);
  // Each change at least once, and none after a later one.
  expect(changes.filter((change, index) => change !== changes[index - 1])).toEqual([
    'input_required',
    'cancelled',
  ]);
  const ids = new Map(sent.map(({ headers }, index) => [headers['webhook-id'], changes[index]]));
  expect([...ids.values()]).toEqual(['input_required', 'cancelled']);
}

/**
 * Lets a node die at a call, and another one go on. Resolves with whether the first one died before it was
 * done.
 */
async function runDeath(store: Store, call: number): Promise<boolean> {
  const dying = dieAt(store, call);
  const options = { answer, leaseMs, dueMs: 10 };
  const first = createWebhookRig({ ...options, store: dying.store });
  let second: WebhookRig | undefined;
  const start = (): WebhookRig =>
    (second ??= createWebhookRig({ ...options, store: createMortalStore(store).store }));
  const sent = (): readonly SentNotice[] => [...first.sent, ...(second?.sent ?? [])];
  const message = { content: 'go', key: 'k', webhook };
  // As a client repeats a request until a node takes it.
  if ((await first.post('t', message)).status !== 200)
    await vi.waitFor(async () => expect((await start().post('t', message)).status).toBe(200));
  const isTold = (change: string): boolean => toTold(sent()).some((each) => each.change === change);
  await vi.waitFor(() => expect(dying.hasDied() || isTold('input_required')).toBe(true), { interval: 2 });
  if (dying.hasDied()) start();
  await vi.waitFor(() => expect(isTold('input_required')).toBe(true), { interval: 2 });
  const cancel = async (): Promise<void> => {
    if (dying.hasDied()) start();
    const nodes = second === undefined ? [first] : [first, second];
    const answers = await Promise.all(nodes.map((node) => node.post('t', { cancel: true })));
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  };
  await vi.waitFor(cancel, { interval: 5 });
  await vi.waitFor(() => expect(dying.hasDied() || isTold('cancelled')).toBe(true), { interval: 2 });
  if (dying.hasDied()) start();
  await vi.waitFor(() => expect(isTold('cancelled')).toBe(true), { interval: 2 });
  checkTold(sent());
  await first.server.close(0);
  await second?.server.close(0);
  return dying.hasDied();
}

test('in memory, whichever call of its store a node dies at', { timeout: 60_000 }, async () => {
  let call = 1;
  while (await runDeath(memoryStore(), call)) call += 1;
  expect(call).toBeGreaterThan(40);
});

test.each([8, 20, 32])('in SQLite, at its call %i', async (call) => {
  const shared = await shareSqlite();
  const store = await shared.open(Date.now);
  await runDeath(store, call);
  await store.close();
  await shared.end();
});

describe('in Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test.each([8, 20, 32])('at its call %i', async (call) => {
    const shared = await shareRedis(redis);
    const store = await shared.open(Date.now);
    await runDeath(store, call);
    await store.close();
    await shared.end();
  });
});

test('in SQLite, webhooks whose notices are taken at the same moment are told once each', async () => {
  const shared = await shareSqlite();
  const rig = createWebhookRig({
    store: await shared.open(Date.now),
    answer: ({ signal }) => hang(signal),
  });
  await rig.post('t', { content: 'hang', webhook: { ...webhook, id: '0' } });
  for (let id = 1; id < 8; id += 1) await rig.post('t/webhooks', { put: { ...webhook, id: `${id}` } });
  await rig.post('t', { cancel: true });
  await vi.waitFor(() => expect(rig.server.counts()).toMatchObject({ noticesDelivered: 8, sessions: 0 }));
  expect(rig.sent).toHaveLength(8);
  await rig.server.close(0);
  await shared.end();
});

async function* hang(signal: AbortSignal): AsyncGenerator<string> {
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });
  yield '';
}
