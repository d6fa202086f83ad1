import { expect, test, vi } from 'vitest';
import type { AgentEvent, Turn } from '../protocol/index.ts';
import {
  agentOf,
  asked,
  createSession,
  eventsOf,
  send,
  setUp,
  settled,
  stateOf,
  untilAborted,
} from './engine.fixture.ts';
import type { TurnLimits } from './turn-limits.ts';

async function* chatters({ signal }: Turn): AsyncGenerator<AgentEvent> {
  while (!signal.aborted) {
    yield 'word ';
    yield { type: 'usage', usage: { output_tokens: 10 } };
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test.each<readonly [string, TurnLimits, (turn: Turn) => AsyncIterable<AgentEvent>]>([
  ['timeout', { turnMs: 30 }, chatters],
  ['silent', { silenceMs: 30 }, untilAborted],
  ['too_many_events', { events: 20 }, chatters],
  ['too_long', { characters: 100 }, chatters],
  ['too_many_tokens', { outputTokens: 100 }, chatters],
])(
  'a turn that passes its limit ends failed with %s, and keeps what it said',
  async (code, limits, agent) => {
    const { store, engine } = setUp(agentOf(agent), { limits });
    const session = await createSession(engine);
    await send(engine, session, 'go');
    expect((await settled(store, session, 1)).at(-1)).toMatchObject({ outcome: 'failed', error: { code } });
    expect((await stateOf(store, session)).messages[1]).toMatchObject({ parts: [{ open: false }] });
  },
);

test('a slow tool does not count as silence of the model', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { store, engine } = setUp(
    agentOf(async function* () {
      yield { type: 'tool_use', call: 'c', tool: 'slow', input: {} };
      await promise;
      yield { type: 'tool_result', call: 'c', output: 'done' };
    }),
    { limits: { silenceMs: 20 } },
  );
  const session = await createSession(engine);
  await send(engine, session, 'go');
  setTimeout(resolve, 100);
  expect((await settled(store, session, 1)).at(-1)).toMatchObject({ outcome: 'completed' });
});

const echo = agentOf(async function* (turn) {
  yield `re ${asked(turn)} after ${turn.history().length}`;
});

test('a log with too many entries is trimmed to its last turn, and the conversation stays whole', async () => {
  const { store, engine } = setUp(echo, { retention: { entries: 10 } });
  const session = await createSession(engine);
  for (const content of ['a', 'b', 'c', 'd']) {
    await send(engine, session, content);
    await vi.waitFor(async () => {
      expect(JSON.stringify(await stateOf(store, session))).toContain(`re ${content}`);
      expect(engine.running).toBe(0);
    });
  }
  const page = await store.log.read(session, undefined, 100);
  expect(page).toMatchObject({ type: 'page', base: { session } });
  expect(page.type === 'page' && page.entries.length).toBeLessThanOrEqual(10);
  const texts = (await stateOf(store, session)).messages.flatMap((message) =>
    message.role === 'agent' ? message.parts : [],
  );
  expect(texts).toMatchObject(
    ['re a after 0', 're b after 2', 're c after 4', 're d after 6'].map((text) => ({ text })),
  );
});

test('old turns are trimmed when a later one ends', async () => {
  const { store, engine } = setUp(echo, { retention: { ageMs: 1 } });
  const session = await createSession(engine);
  await send(engine, session, 'a');
  await settled(store, session, 1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await send(engine, session, 'b');
  await vi.waitFor(async () => expect(await store.log.read(session, undefined, 1)).toHaveProperty('base'));
  expect((await stateOf(store, session)).messages).toHaveLength(4);
});

test('a one-shot session is dropped when its time is over, and not before', async () => {
  const { store, engine } = setUp(echo, { retention: { onceMs: 100 } });
  const at = Date.now();
  const message = { type: 'message', message: 'm', turn: 't', content: 'x', onBusy: 'queue', at } as const;
  await engine.create({ session: 'once', owner: 'ada', kind: 'once', at }, message, undefined);
  engine.kick('once');
  await settled(store, 'once', 1);
  await vi.waitFor(async () => expect((await store.log.read('once', undefined, 1)).type).toBe('missing'));
  expect(Date.now() - at).toBeGreaterThanOrEqual(100);
});

test('an agent gets the snapshot of the turn right before, unless the conversation went another way', async () => {
  const found: unknown[] = [];
  const { store, engine } = setUp(
    agentOf(async function* (turn) {
      found.push(turn.snapshot);
      turn.save({ about: asked(turn) });
      if (asked(turn) === 'fail') throw new Error('no');
      yield 'ok';
    }),
  );
  const session = await createSession(engine);
  const say = async (content: string, turns: number, replaces?: string): Promise<string> => {
    const { entries } = await send(engine, session, content, replaces === undefined ? {} : { replaces });
    await settled(store, session, turns);
    const event = entries.map((entry) => entry.event).find(({ type }) => type === 'message');
    return event?.type === 'message' ? event.message : '';
  };
  await say('a', 1);
  const b = await say('b', 2);
  await say('c', 3, b);
  await say('fail', 4);
  await say('d', 5);
  // The first turn has no snapshot. The edit goes on from a, but b's snapshot has replaced a's. The snapshot
  // of a failed turn is never kept.
  expect(found).toEqual([undefined, { about: 'a' }, undefined, { about: 'c' }, undefined]);
});

test('an edited message is answered without the messages that it replaces', async () => {
  const { store, engine } = setUp(echo);
  const session = await createSession(engine);
  const sent = await send(engine, session, 'a');
  await settled(store, session, 1);
  const event = sent.entries[0]?.event;
  await send(engine, session, 'b', event?.type === 'message' ? { replaces: event.message } : {});
  await settled(store, session, 2);
  const { messages } = await stateOf(store, session);
  expect(messages).toHaveLength(2);
  expect(messages[1]).toMatchObject({ parts: [{ text: 're b after 0' }] });
  expect((await eventsOf(store, session)).filter(({ type }) => type === 'message')).toHaveLength(2);
});
