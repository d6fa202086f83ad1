import { getEventListeners } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { nextLoopTurn } from '../log/internal.ts';
import { memoryStore } from '../log/index.ts';
import type { Store } from '../log/index.ts';
import { defineAgent, RefusalError } from '../protocol/index.ts';
import type { Agent, AgentEvent, OpenSession, SessionEvent, Turn } from '../protocol/index.ts';
import { agentOf, eventsOf } from './engine.fixture.ts';
import { LeaseLostError } from './held-lease.ts';
import { claimSession } from './lease.fixture.ts';
import type { Claimed } from './lease.fixture.ts';
import { runTurn } from './run-turn.ts';
import type { TurnOptions } from './run-turn.ts';
import { createTranscripts } from '../transcripts/index.ts';
import { submit } from './submit.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** So long that no delta is appended because of its age. */
const neverMs = 1_000_000;

/** Creates a store whose appends take several turns of the event loop: nothing is in the log by chance. */
function slowStore(): Store {
  const store = memoryStore();
  const append: typeof store.log.append = async (...args) => {
    for (let turn = 0; turn < 5; turn += 1) await nextLoopTurn();
    return store.log.append(...args);
  };
  return { ...store, log: { ...store.log, append } };
}

/** Starts the turn of the message that waits, or starts the open turn again. Returns its name. */
async function startTurn({ store, session, hold }: Claimed): Promise<string> {
  const isOpen =
    (await createTranscripts({ store: store, onError: () => {} }).read(session))?.head.turn !== undefined;
  await hold.command({ type: isOpen ? 'restart' : 'start', at: 2 });
  const transcript = await createTranscripts({ store: store, onError: () => {} }).read(session);
  return transcript?.head.turn?.turn ?? '';
}

/** Runs the open turn once. */
async function run(claimed: Claimed, agent: Agent, options: TurnOptions = {}): Promise<void> {
  const { store, session, hold, leave } = claimed;
  const transcript = await createTranscripts({ store: store, onError: () => {} }).read(session);
  if (transcript?.head.turn === undefined) throw new Error('No turn is open.');
  const running = { gatherMs: 0, onError: () => {}, ...options, store, agent, session, hold };
  await runTurn({ ...running, leave: leave.signal }, transcript.state, transcript.head, transcript.head.turn);
}

function textOf(events: readonly SessionEvent[]): string {
  return events.map((event) => (event.type === 'content' ? event.data : '')).join('');
}

test('a tool runs only after its call and the words before it are in the log', async () => {
  const claimed = await claimSession({ store: slowStore() });
  const turn = await startTurn(claimed);
  let found: readonly SessionEvent[] = [];
  const agent = agentOf(async function* () {
    yield 'I ';
    yield 'pay ';
    yield 'now.';
    yield { type: 'tool_use', call: 'c', tool: 'pay', input: { amount: 1 } };
    // The tool runs now.
    found = await eventsOf(claimed.store, claimed.session);
  });
  await run(claimed, agent, { gatherMs: neverMs });
  expect(textOf(found)).toBe('I pay now.');
  expect(found.at(-1)).toEqual({ type: 'tool_use', turn, call: 'c', tool: 'pay', input: { amount: 1 } });
});

test('a tool runs only after its call is in the log, even if the agent was stopped', async () => {
  const claimed = await claimSession({ store: slowStore() });
  await startTurn(claimed);
  let found: readonly SessionEvent[] = [];
  const agent = agentOf(async function* ({ signal }) {
    yield 'This was one event too many.';
    expect(signal.aborted).toBe(true);
    yield { type: 'tool_use', call: 'c', tool: 'pay', input: {} };
    found = await eventsOf(claimed.store, claimed.session);
  });
  await run(claimed, agent, { limits: { events: 0 } });
  expect(found.at(-1)).toMatchObject({ type: 'tool_use', call: 'c' });
});

test('a tool does not run if its call could not be written', async () => {
  const claimed = await claimSession({ store: slowStore() });
  const { store, session, fence } = claimed;
  await startTurn(claimed);
  let runs = 0;
  const agent = agentOf(async function* () {
    await store.leases.release(fence);
    yield { type: 'tool_use', call: 'c', tool: 'pay', input: {} };
    runs += 1;
  });
  await expect(run(claimed, agent)).rejects.toBeInstanceOf(LeaseLostError);
  expect(runs).toBe(0);
  expect((await eventsOf(store, session)).at(-1)).toMatchObject({ type: 'message_start' });
});

test('the words that were gathered are in the log before the end of the turn', async () => {
  const claimed = await claimSession({ store: slowStore() });
  await startTurn(claimed);
  const agent = agentOf(async function* () {
    yield 'one ';
    yield 'two ';
    yield 'three';
  });
  await run(claimed, agent, { gatherMs: neverMs });
  const events = await eventsOf(claimed.store, claimed.session);
  expect(textOf(events)).toBe('one two three');
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['content_end', 'message_end']);
});

test('an agent may change its message and its session, and the log keeps them', async () => {
  const content = [{ type: 'text', text: 'hello' }] as const;
  const claimed = await claimSession({ content, metadata: { plan: ['free'] } });
  await startTurn(claimed);
  const before = await createTranscripts({ store: claimed.store, onError: () => {} }).read(claimed.session);
  const agent = defineAgent({
    open: ({ metadata }: OpenSession) =>
      async function* ({ input }: Turn): AsyncGenerator<AgentEvent> {
        (input.content as unknown[]).push('more');
        Object.assign(input.content[0] as object, { text: 'changed' });
        (metadata as { plan: string[] }).plan.push('gold');
        yield 'done';
      },
  });
  await run(claimed, agent);
  const after = await createTranscripts({ store: claimed.store, onError: () => {} }).read(claimed.session);
  expect(after?.state.messages[0]).toEqual(before?.state.messages[0]);
  expect(after?.state.metadata).toEqual({ plan: ['free'] });
  expect(after?.state.messages[1]).toMatchObject({ outcome: 'completed' });
});

test('a call of a later attempt does not take the name of an earlier call', async () => {
  const claimed = await claimSession();
  const turn = await startTurn(claimed);
  const call = { turn, call: 'c', tool: 'look' };
  await claimed.hold.append([
    { type: 'tool_use_start', ...call },
    { type: 'tool_use', ...call, input: 1 },
    { type: 'tool_result', turn, call: 'c', output: 'first', status: 'ok' },
  ]);
  await startTurn(claimed);
  const agent = agentOf(async function* () {
    yield { type: 'tool_use', call: 'c', tool: 'look', input: 2 };
    yield { type: 'tool_result', call: 'c', output: 'second' };
  });
  await run(claimed, agent);
  const transcript = await createTranscripts({ store: claimed.store, onError: () => {} }).read(
    claimed.session,
  );
  expect(transcript?.state.messages[1]).toMatchObject({
    attempt: 2,
    parts: [
      { call: 'c', input: 1, output: 'first' },
      { call: 'c~2', input: 2, output: 'second' },
    ],
  });
});

/** Gives the lease away, and waits until the renewal tells the agent to stop. */
async function loseLease({ store, fence }: Claimed, signal: AbortSignal): Promise<void> {
  await store.leases.release(fence);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

/** An event that writes nothing into the log. */
const usage: AgentEvent = { type: 'usage', usage: { output_tokens: 1 } };

test('the error of an agent that lost its lease is not reported', async () => {
  const claimed = await claimSession({ ttlMs: 30 });
  await startTurn(claimed);
  const told: unknown[] = [];
  const agent = agentOf(async function* ({ signal }) {
    await loseLease(claimed, signal);
    yield usage;
    throw new Error('stopped');
  });
  const ran = run(claimed, agent, { onError: (error) => told.push(error) });
  await expect(ran).rejects.toBeInstanceOf(LeaseLostError);
  expect(told).toEqual([]);
});

test('an agent that lost its lease saves nothing', async () => {
  const claimed = await claimSession({ ttlMs: 30 });
  const turn = await startTurn(claimed);
  const agent = agentOf(async function* ({ signal, save }) {
    save('memory');
    await loseLease(claimed, signal);
    yield usage;
  });
  await expect(run(claimed, agent)).rejects.toBeInstanceOf(LeaseLostError);
  expect(await claimed.store.snapshots.load(claimed.session, `${turn}.1`)).toBeUndefined();
});

test('a turn stays open if its node must leave', async () => {
  const claimed = await claimSession();
  await startTurn(claimed);
  const agent = agentOf(async function* () {
    claimed.leave.abort();
    yield 'more';
  });
  await run(claimed, agent);
  const transcript = await createTranscripts({ store: claimed.store, onError: () => {} }).read(
    claimed.session,
  );
  expect(transcript?.head).toMatchObject({ turn: { attempt: 1 }, dueAt: 0 });
});

test('a turn that was cancelled ends although its node must leave', async () => {
  const claimed = await claimSession();
  await startTurn(claimed);
  const agent = agentOf(async function* ({ signal }) {
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
    await submit(claimed.store.log, claimed.session, { type: 'cancel', at: 3 }, { owner: 'ada' });
    await stopped;
    claimed.leave.abort();
    yield usage;
  });
  await run(claimed, agent);
  const events = await eventsOf(claimed.store, claimed.session);
  expect(events.at(-1)).toMatchObject({ type: 'message_end', outcome: 'cancelled' });
});

test('the tokens that an agent reports after a stop are counted', async () => {
  const claimed = await claimSession();
  await startTurn(claimed);
  const agent = agentOf(async function* () {
    yield 'This was one event too many.';
    yield usage;
  });
  await run(claimed, agent, { limits: { events: 0 } });
  const events = await eventsOf(claimed.store, claimed.session);
  expect(events.at(-1)).toMatchObject({ outcome: 'failed', usage: { output_tokens: 1 } });
});

/** Asks whether it may pay, and pays when it is answered. */
const pays = agentOf(async function* ({ input, save, snapshot }) {
  if (input.type === 'message') {
    yield { type: 'tool_use', call: 'c', tool: 'pay', input: { amount: 7 } };
    yield { type: 'approval_request', approval: 'a', call: 'c', reason: 'sure?' };
    save('memory');
  } else {
    yield { type: 'tool_result', call: 'c', output: snapshot };
  }
});

test('a turn goes on with its call and its memory, even if the store was out of reach', async () => {
  const claimed = await claimSession();
  const { store, session } = claimed;
  const unavailable = new RefusalError('unavailable');
  vi.spyOn(store.snapshots, 'save').mockRejectedValueOnce(unavailable);
  vi.spyOn(store.snapshots, 'load').mockRejectedValueOnce(unavailable);
  await startTurn(claimed);
  await run(claimed, pays);
  const answer = { type: 'answer', approval: 'a', decision: true, at: 3 } as const;
  await submit(store.log, session, answer, { owner: 'ada' });
  await startTurn(claimed);
  await run(claimed, pays);
  const transcript = await createTranscripts({ store: store, onError: () => {} }).read(session);
  expect(transcript?.state.messages.at(-1)).toMatchObject({
    outcome: 'completed',
    parts: [{ call: 'c', tool: 'pay', input: { amount: 7 }, output: 'memory', status: 'ok' }],
  });
});

test('a turn that has ended leaves no timer and no watcher behind', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const claimed = await claimSession();
  const { log } = claimed.store;
  const { watch } = log;
  let watchers = 0;
  vi.spyOn(log, 'watch').mockImplementation((...args) => {
    const stop = watch(...args);
    watchers += 1;
    return () => {
      watchers -= 1;
      stop();
    };
  });
  await startTurn(claimed);
  let during = { watchers: 0, timers: 0 };
  const agent = agentOf(async function* () {
    during = { watchers, timers: vi.getTimerCount() };
    yield 'done';
  });
  await run(claimed, agent);
  expect(during.watchers).toBe(1);
  expect(during.timers).toBeGreaterThan(0);
  expect(watchers).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('the signal of a turn that has ended listens to nothing', async () => {
  const claimed = await claimSession();
  await startTurn(claimed);
  let signal: AbortSignal | undefined;
  const agent = agentOf(async function* (turn) {
    ({ signal } = turn);
    yield 'done';
  });
  await run(claimed, agent);
  expect(getEventListeners(claimed.leave.signal, 'abort')).toEqual([]);
  expect(getEventListeners(claimed.hold.lost, 'abort')).toEqual([]);
  claimed.leave.abort();
  expect(signal?.aborted).toBe(false);
});
