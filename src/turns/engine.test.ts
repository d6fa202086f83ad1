import { expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { AgentError } from '../protocol/index.ts';
import type { Agent, AgentEvent, SessionEvent, Turn } from '../protocol/index.ts';
import { createEngine } from './engine.ts';
import {
  agentOf,
  asked,
  createSession,
  eventsOf,
  seen,
  send,
  setUp,
  settled,
  stateOf,
  untilAborted,
} from './engine.fixture.ts';

test('a message starts a turn that ends by itself, without any readers', async () => {
  const { store, engine } = setUp(
    agentOf(async function* (turn) {
      yield `You said ${asked(turn)}`;
      yield { type: 'usage', usage: { output_tokens: 3 } };
      yield { type: 'stop', reason: 'end_turn' };
    }),
  );
  const session = await createSession(engine);
  await send(engine, session, 'hello');
  const events = await settled(store, session, 1);
  expect(events.at(-1)).toMatchObject({
    type: 'message_end',
    outcome: 'completed',
    usage: { output_tokens: 3 },
    reason: 'end_turn',
  });
  expect((await stateOf(store, session)).messages[1]).toMatchObject({ parts: [{ text: 'You said hello' }] });
  await vi.waitFor(() => expect(engine.running).toBe(0));
});

test('messages that come during a turn wait, and each turn knows the conversation before it', async () => {
  const histories: string[] = [];
  const { store, engine } = setUp(
    agentOf(async function* (turn) {
      histories.push(
        turn
          .history()
          .map((message) => (message.role === 'user' ? `U:${String(message.content)}` : 'A'))
          .join(' '),
      );
      yield `re ${asked(turn)}`;
    }),
  );
  const session = await createSession(engine);
  await Promise.all(['a', 'b', 'c'].map((content) => send(engine, session, content)));
  const events = await settled(store, session, 3);
  const lifecycle = events
    .filter(({ type }) => type === 'message_start' || type === 'message_end')
    .map(({ type }) => type);
  expect(lifecycle).toEqual([
    'message_start',
    'message_end',
    'message_start',
    'message_end',
    'message_start',
    'message_end',
  ]);
  expect(histories).toEqual(['', 'U:a A', 'U:a A U:b A']);
});

test('a turn is cancelled from outside, keeps its text and ends once', async () => {
  const { store, engine } = setUp(agentOf(untilAborted));
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await vi.waitFor(async () =>
    expect(await eventsOf(store, session)).toContainEqual(expect.objectContaining({ data: 'thinking' })),
  );
  await engine.submit(session, { type: 'cancel', at: 0 }, { owner: 'ada' });
  await engine.submit(session, { type: 'cancel', at: 0 }, { owner: 'ada' });
  await settled(store, session, 1);
  expect((await stateOf(store, session)).messages[1]).toMatchObject({
    outcome: 'cancelled',
    parts: [{ text: 'thinking', open: false }],
  });
});

test('an agent that ignores a stop is abandoned when its time is over', async () => {
  const never = new Promise<never>(() => {});
  const { store, engine } = setUp(
    agentOf(async function* () {
      yield { type: 'tool_use', call: 'c', tool: 'slow', input: {} };
      await never;
    }),
    { cancelMs: 20 },
  );
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await vi.waitFor(async () =>
    expect((await eventsOf(store, session)).map(({ type }) => type)).toContain('tool_use'),
  );
  await engine.submit(session, { type: 'cancel', at: 0 }, { owner: 'ada' });
  const events = await settled(store, session, 1);
  expect(events.slice(-2)).toMatchObject([
    { type: 'tool_result', status: 'cancelled' },
    { type: 'message_end', outcome: 'cancelled' },
  ]);
});

test('a turn that takes too long ends failed', async () => {
  const { store, engine } = setUp(agentOf(untilAborted), { limits: { turnMs: 30 } });
  const session = await createSession(engine);
  await send(engine, session, 'go');
  expect((await settled(store, session, 1)).at(-1)).toMatchObject({
    outcome: 'failed',
    error: { code: 'timeout' },
  });
});

test('clients get only the public words of an agent’s error, and onError gets all of it', async () => {
  const reported: unknown[] = [];
  const { store, engine } = setUp(
    agentOf(async function* ({ input }) {
      yield 'so far';
      throw input.content === 'known'
        ? new AgentError('model_throttled', 'The model is busy.')
        : new Error('secret at /etc/passwd');
    }),
    { onError: (error) => reported.push(error) },
  );
  const session = await createSession(engine);
  await send(engine, session, 'known');
  await send(engine, session, 'unknown');
  const ends = (await settled(store, session, 2)).filter(({ type }) => type === 'message_end');
  expect(ends).toMatchObject([
    { outcome: 'failed', error: { code: 'model_throttled', message: 'The model is busy.' } },
    { outcome: 'failed', error: { code: 'agent_failed' } },
  ]);
  expect(JSON.stringify(ends)).not.toContain('secret');
  expect(reported).toHaveLength(1);
});

test('the same key gives the same turn, even if two requests race, and another body is refused', async () => {
  let runs = 0;
  const { store, engine } = setUp(
    agentOf(async function* () {
      runs += 1;
      yield 'once';
    }),
  );
  const session = await createSession(engine);
  const key = { id: 'k', digest: 'd' };
  const [a, b] = await Promise.all([
    send(engine, session, 'x', { onBusy: 'reject', key }),
    send(engine, session, 'x', { onBusy: 'reject', key }),
  ]);
  expect(a.entries).toEqual(b.entries);
  // The key is recognised even if the command would now be refused: its own turn keeps the session busy.
  expect((await send(engine, session, 'x', { onBusy: 'reject', key })).entries).toEqual(a.entries);
  await expect(send(engine, session, 'x', { key: { id: 'k', digest: 'other' } })).rejects.toMatchObject({
    code: 'key_reused',
  });
  await settled(store, session, 1);
  expect(runs).toBe(1);
});

test('a session of another owner does not exist for the caller', async () => {
  const { engine } = setUp(agentOf(untilAborted));
  const session = await createSession(engine);
  const command = { type: 'cancel', at: 0 } as const;
  await expect(engine.submit(session, command, { owner: 'eve' })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(engine.submit('nowhere', command, { owner: 'ada' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('a session that is dropped in mid-turn stops its agent and writes nothing more', async () => {
  let stopped = false;
  const { store, engine } = setUp(
    agentOf(async function* (turn) {
      yield* untilAborted(turn);
      stopped = true;
    }),
  );
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await vi.waitFor(async () =>
    expect(await eventsOf(store, session)).toContainEqual(expect.objectContaining({ data: 'thinking' })),
  );
  await store.log.drop(session);
  await vi.waitFor(() => expect(engine.running).toBe(0));
  expect(stopped).toBe(true);
  expect((await store.log.read(session, undefined, 1)).type).toBe('missing');
});

/** Leaves a turn open as a dead node does: the node never gives its lease back, and the lease expires. */
async function abandon(agent: Agent, until: SessionEvent['type'], content = 'go') {
  let now = 1_000;
  const store = memoryStore({ now: () => now });
  const dead = createEngine({ agent, store, gatherMs: 0, dueMs: 1_000_000, onError: () => {} });
  const session = await createSession(dead);
  await send(dead, session, content);
  await vi.waitFor(async () =>
    expect((await eventsOf(store, session)).map(({ type }) => type)).toContain(until),
  );
  // The lease has expired, so another node can claim it. From then on the dead node cannot write.
  now += 60_000;
  return { store, session };
}

test('a turn whose node died is taken over: its text is discarded, and it starts again', async () => {
  const { store, session } = await abandon(agentOf(untilAborted), 'content');
  setUp(
    agentOf(async function* ({ attempt, history }) {
      yield `attempt ${attempt} after ${history().length}`;
    }),
    { store },
  );
  const events = await settled(store, session, 1);
  expect(events.map(({ type }) => type).slice(-8)).toEqual([
    'content',
    'content_end',
    'discard',
    'message_start',
    'content_start',
    'content',
    'content_end',
    'message_end',
  ]);
  expect((await stateOf(store, session)).messages).toMatchObject([
    { role: 'user', status: 'started' },
    { role: 'agent', attempt: 2, outcome: 'completed', parts: [{ text: 'attempt 2 after 0' }] },
  ]);
});

async function* callsTool({ attempt, signal }: Turn): AsyncGenerator<AgentEvent> {
  yield { type: 'step_start' };
  yield { type: 'tool_use', call: `c${attempt}`, tool: 'pay', input: { amount: 1 } };
  if (attempt > 1) yield { type: 'tool_result', call: `c${attempt}`, output: 'paid' };
  else await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

test('a turn that had called a tool is not run again: it ends failed, with its call and step closed', async () => {
  const { store, session } = await abandon(agentOf(callsTool), 'tool_use');
  setUp(agentOf(callsTool), { store });
  const events = await settled(store, session, 1);
  expect(events.slice(-3)).toMatchObject([
    { type: 'tool_result', call: 'c1', status: 'cancelled' },
    { type: 'step_end' },
    { type: 'message_end', outcome: 'failed', error: { code: 'interrupted' } },
  ]);
});

test('a turn that had called an idempotent tool is run again', async () => {
  const facts = { tools: { pay: { idempotent: true } } };
  const { store, session } = await abandon(agentOf(callsTool, facts), 'tool_use');
  setUp(agentOf(callsTool, facts), { store });
  expect((await settled(store, session, 1)).at(-1)).toMatchObject({ outcome: 'completed' });
});

test('a message whose node died before its turn began is answered by another', async () => {
  const store = memoryStore();
  const { engine } = setUp(agentOf(untilAborted), { store });
  const session = await createSession(engine);
  await engine.close(0);
  // A node appended a message and died: the head says that work is due, and no node holds the lease.
  const page = await store.log.read(session, undefined, 0);
  if (page.type !== 'page') throw new Error('The session is missing.');
  await store.log.append(
    session,
    [{ type: 'message', at: 0, message: 'm', turn: 't', content: 'stranded' }],
    {
      head: {
        was: page.head.version,
        now: { ...page.head, queue: [{ message: 'm', turn: 't' }], dueAt: 0 },
      },
    },
  );
  setUp(
    agentOf(async function* (turn) {
      yield `found ${asked(turn)}`;
    }),
    { store },
  );
  expect(await settled(store, session, 1)).toContainEqual(
    expect.objectContaining({ data: 'found stranded' }),
  );
});

test('a node that shuts down lets its turn end, begins no other, and the next node goes on', async () => {
  const store = memoryStore();
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow = agentOf(async function* (turn) {
    yield `first ${asked(turn)}`;
    await promise;
  });
  const first = createEngine({ agent: slow, store, gatherMs: 0 });
  const session = await createSession(first);
  await send(first, session, 'a');
  await send(first, session, 'b');
  await seen(store, session, 'content');
  const closed = first.close(10_000);
  await expect(send(first, session, 'c')).rejects.toMatchObject({ code: 'draining' });
  resolve();
  await closed;
  expect((await eventsOf(store, session)).filter(({ type }) => type === 'message_end')).toHaveLength(1);
  setUp(slow, { store });
  await settled(store, session, 2);
});

test('a node that cannot wait any longer leaves its turn open for the next', async () => {
  const store = memoryStore();
  const first = createEngine({ agent: agentOf(untilAborted), store, gatherMs: 0 });
  const session = await createSession(first);
  await send(first, session, 'a');
  await vi.waitFor(async () =>
    expect((await eventsOf(store, session)).map(({ type }) => type)).toContain('content'),
  );
  await first.close(0);
  expect((await eventsOf(store, session)).map(({ type }) => type)).not.toContain('message_end');
  setUp(
    agentOf(async function* ({ attempt }) {
      yield `attempt ${attempt}`;
    }),
    { store },
  );
  expect((await settled(store, session, 1)).at(-1)).toMatchObject({ outcome: 'completed' });
});

test('cancel races the end a thousand times, and each turn ends once', async () => {
  const { store, engine } = setUp(
    agentOf(async function* () {
      yield 'x';
    }),
    { gatherMs: 0 },
  );
  const session = await createSession(engine);
  for (let round = 0; round < 1_000; round += 1) {
    const sent = send(engine, session, 'go');
    const hops = round % 12;
    for (let hop = 0; hop < hops; hop += 1) await Promise.resolve();
    await Promise.all([sent, engine.submit(session, { type: 'cancel', at: 0 }, { owner: 'ada' })]);
    // The queue is bounded, so the turns get a chance to keep up.
    if (round % 20 === 19) await settled(store, session, round + 1);
  }
  const events = await settled(store, session, 1_000);
  const ends = events.filter(({ type }) => type === 'message_end');
  expect(new Set(ends.map((event) => 'turn' in event && event.turn)).size).toBe(1_000);
});
