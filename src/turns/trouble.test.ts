// Failures around a turn: of the store, the lease, the agent, and `onError`.
import { expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { AgentEvent, Turn } from '../protocol/index.ts';
import { createEngine } from './engine.ts';
import {
  agentOf,
  createSession,
  eventsOf,
  seen,
  send,
  setUp,
  settled,
  untilAborted,
} from './engine.fixture.ts';

/** Creates a store in memory whose methods fail while `down` names them. */
function failingStore() {
  const down = new Set<'append' | 'read' | 'release' | 'renew' | 'save'>();
  const store = memoryStore();
  const guard =
    <Args extends unknown[], Result>(
      name: 'append' | 'read' | 'release' | 'renew' | 'save',
      call: (...args: Args) => Promise<Result>,
    ) =>
    (...args: Args): Promise<Result> =>
      down.has(name) ? Promise.reject(new RefusalError('unavailable')) : call(...args);
  const failing: Store = {
    ...store,
    log: { ...store.log, append: guard('append', store.log.append), read: guard('read', store.log.read) },
    leases: {
      ...store.leases,
      release: guard('release', store.leases.release),
      renew: guard('renew', store.leases.renew),
    },
    snapshots: { ...store.snapshots, save: guard('save', store.snapshots.save) },
  };
  return { store: failing, down };
}

const quick = agentOf(async function* () {
  yield 'quick';
});

test('a turn loses nothing when its store is out of reach for a while', async () => {
  const { store, down } = failingStore();
  const gate = Promise.withResolvers<void>();
  const { engine } = setUp(
    agentOf(async function* () {
      yield 'before ';
      await gate.promise;
      yield 'after';
    }),
    { store },
  );
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await seen(store, session, 'content');
  down.add('append').add('read');
  gate.resolve();
  await new Promise((resolve) => setTimeout(resolve, 150));
  down.clear();
  const events = await settled(store, session, 1);
  expect(events.at(-1)).toMatchObject({ outcome: 'completed' });
  expect(events.filter(({ type }) => type === 'message_start')).toHaveLength(1);
});

test('a lease that could not be given back expires, and the session goes on', async () => {
  const { store, down } = failingStore();
  const { engine } = setUp(quick, { store, leaseMs: 150 });
  const session = await createSession(engine);
  down.add('release');
  await send(engine, session, 'a');
  await settled(store, session, 1);
  down.add('append').add('read').add('renew');
  await vi.waitFor(() => expect(engine.running).toBe(0), { timeout: 5_000 });
  down.clear();
  await send(engine, session, 'b');
  await settled(store, session, 2);
});

test('an owner that did not notice the loss of its lease stops, and does not ask for ever', async () => {
  let now = 1_000;
  const store = memoryStore({ now: () => now });
  let releases = 0;
  const watched: Store = {
    ...store,
    leases: {
      ...store.leases,
      release: async (fence, ifHead) => {
        releases += 1;
        if (releases === 1) {
          // At the last moment another node takes over the session.
          now += 60_000;
          await store.leases.claim(fence.session, 'another', 60_000);
        }
        return store.leases.release(fence, ifHead);
      },
    },
  };
  const { engine } = setUp(quick, { store: watched, leaseMs: 10_000 });
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await settled(store, session, 1);
  await vi.waitFor(() => expect(engine.running).toBe(0));
  expect(releases).toBeLessThanOrEqual(3);
});

test('a node that shuts down does not wait for a store that stays full', async () => {
  const { store, down } = failingStore();
  const engine = createEngine({ agent: agentOf(untilAborted), store, gatherMs: 0, onError: () => {} });
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await seen(store, session, 'content');
  down.add('append');
  await engine.submit(session, { type: 'cancel', at: 0 }, { owner: 'ada' }).catch(() => {});
  await engine.close(50);
  expect(engine.running).toBe(0);
});

test('an event that cannot be kept fails its turn once, and the agent may clean up', async () => {
  let runs = 0;
  let cleaned = 0;
  const strange: unknown = { type: 'custom', name: {}, data: 1 };
  const { store, engine } = setUp(
    agentOf(async function* ({ signal }) {
      runs += 1;
      try {
        yield strange as AgentEvent;
      } finally {
        cleaned += Number(signal.aborted);
      }
    }),
  );
  const session = await createSession(engine);
  await send(engine, session, 'go');
  expect((await settled(store, session, 1)).at(-1)).toMatchObject({
    outcome: 'failed',
    error: { code: 'agent_failed' },
  });
  await vi.waitFor(() => expect([runs, cleaned]).toEqual([1, 1]));
});

test('an answer does not fail because its agent’s memory could not be kept', async () => {
  const { store, down } = failingStore();
  down.add('save');
  let runs = 0;
  const { engine } = setUp(
    agentOf(async function* ({ save }) {
      runs += 1;
      save({ remember: 'me' });
      yield 'done';
    }),
    { store },
  );
  const session = await createSession(engine);
  await send(engine, session, 'go');
  expect((await settled(store, session, 1)).at(-1)).toMatchObject({ outcome: 'completed' });
  expect(runs).toBe(1);
});

test('a cancel is noticed even if the first read for it failed', async () => {
  const { store, down } = failingStore();
  const { engine } = setUp(agentOf(untilAborted), { store });
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await seen(store, session, 'content');
  await new Promise((resolve) => setTimeout(resolve, 150));
  await engine.submit(session, { type: 'cancel', at: 0 }, { owner: 'ada' });
  down.add('read');
  await new Promise((resolve) => setTimeout(resolve, 120));
  down.clear();
  expect((await settled(store, session, 1)).at(-1)).toMatchObject({ outcome: 'cancelled' });
});

test('an onError that throws does no harm, and the errors are printed', async () => {
  const print = vi.spyOn(console, 'error').mockReturnValue(undefined);
  const { store, engine } = setUp(
    agentOf(async function* () {
      yield 'x';
      throw new Error('no');
    }),
    {
      onError: () => {
        throw new Error('logger broke');
      },
    },
  );
  const session = await createSession(engine);
  await send(engine, session, 'a');
  await send(engine, session, 'b');
  await settled(store, session, 2);
  await vi.waitFor(() => expect(engine.running).toBe(0));
  const printed = print.mock.calls.map(([, , error]) => String(error));
  print.mockRestore();
  expect(printed).toEqual(['Error: logger broke', 'Error: no', 'Error: logger broke', 'Error: no']);
});

test('a log is never trimmed into the middle of a turn that was taken over', async () => {
  let now = Date.now();
  const store = memoryStore({ now: () => now });
  const dead = createEngine({
    agent: agentOf(untilAborted),
    store,
    gatherMs: 0,
    dueMs: 1_000_000,
    onError: () => {},
  });
  const session = await createSession(dead);
  await send(dead, session, 'go');
  await seen(store, session, 'content');
  now += 60_000;
  const { engine } = setUp(quick, { store, retention: { entries: 1 } });
  await settled(store, session, 1);
  await vi.waitFor(() => expect(engine.running).toBe(0));
  const page = await store.log.read(session, undefined, 1_000);
  expect(page).not.toHaveProperty('base.turn');
  expect((await eventsOf(store, session)).map(({ type }) => type)).toContain('message');
});

test('the signal of a turn that completed is not aborted afterwards', async () => {
  let signal: AbortSignal | undefined;
  const { store, engine } = setUp(
    agentOf(async function* (turn: Turn) {
      ({ signal } = turn);
      yield 'done';
    }),
  );
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await settled(store, session, 1);
  await engine.close(0);
  expect(signal?.aborted).toBe(false);
});

test('a tool that an agent calls after its stop is in the log', async () => {
  const { store, engine } = setUp(
    agentOf(async function* (turn) {
      yield* untilAborted(turn);
      yield 'not said';
      yield { type: 'tool_use', call: 'c', tool: 'late', input: {} };
      yield { type: 'tool_result', call: 'c', output: 'done' };
    }),
  );
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await seen(store, session, 'content');
  await engine.submit(session, { type: 'cancel', at: 0 }, { owner: 'ada' });
  const events = await settled(store, session, 1);
  expect(events.at(-1)).toMatchObject({ outcome: 'cancelled' });
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'tool_result', output: 'done', status: 'ok' }),
  );
  expect(JSON.stringify(events)).not.toContain('not said');
});
