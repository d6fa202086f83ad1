import { expect, test } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { AgentEvent, Turn } from '../protocol/index.ts';
import { agentOf, createSession, seen, send, setUp, settled } from './engine.fixture.ts';

/** An agent that never waits and never looks at its signal. */
async function* spins(): AsyncGenerator<AgentEvent> {
  for (;;) yield 'x';
}

/** An answer of many pieces that are all ready at once. */
async function* replays(): AsyncGenerator<AgentEvent> {
  for (let index = 0; index < 20_000; index += 1) yield 'word ';
}

async function* waits({ signal }: Turn): AsyncGenerator<AgentEvent> {
  yield 'fine';
  signal.throwIfAborted();
}

test('an agent that never waits does not block the event loop, and its time limit ends it', async () => {
  const { store, engine } = setUp(
    agentOf((turn) => (turn.input.content === 'spin' ? spins() : waits(turn))),
    { limits: { turnMs: 300, events: Infinity }, cancelMs: 20 },
  );
  const [spinning, other] = [await createSession(engine), await createSession(engine)];
  await send(engine, spinning, 'spin');
  await send(engine, other, 'hi');
  expect((await settled(store, other, 1)).at(-1)).toMatchObject({ outcome: 'completed' });
  expect((await settled(store, spinning, 1)).at(-1)).toMatchObject({ error: { code: 'timeout' } });
});

test('an agent that never waits is stopped by a cancel', async () => {
  const { store, engine } = setUp(agentOf(spins), { limits: { events: Infinity }, cancelMs: 20 });
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await seen(store, session, 'content');
  await engine.submit(session, { type: 'cancel', at: 0 }, { owner: 'ada' });
  expect((await settled(store, session, 1)).at(-1)).toMatchObject({ outcome: 'cancelled' });
});

test('an answer that comes all at once is gathered into few appends', async () => {
  const store = memoryStore();
  let appends = 0;
  const { log } = store;
  const counting = {
    ...store,
    log: {
      ...log,
      append: (...args: Parameters<typeof log.append>) => ((appends += 1), log.append(...args)),
    },
  };
  const { engine } = setUp(agentOf(replays), { store: counting, gatherMs: 25 });
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await settled(store, session, 1);
  expect(appends).toBeLessThan(100);
});
