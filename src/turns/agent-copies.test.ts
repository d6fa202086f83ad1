import { expect, test } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { AgentEvent, Turn } from '../protocol/index.ts';
import { agentOf, createSession, send, setUp, settled, stateOf } from './engine.fixture.ts';

/** Changes as much of a value as it can. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    spoil(member);
    if (typeof member === 'string') Reflect.set(value, key, 'spoiled');
  }
  if (Array.isArray(value)) value.push('spoiled');
}

test('an agent that changes its input changes neither the log nor the state that retention writes back', async () => {
  const given: unknown[] = [];
  const agent = {
    open: (session: object) =>
      async function* ({ history, input }: Turn): AsyncGenerator<AgentEvent> {
        for (const each of [history(), input, session]) {
          spoil(each);
          given.push(each);
        }
        yield 'answer';
      },
  };
  const { store, engine } = setUp(agent, { store: memoryStore(), retention: { entries: 4 } });
  const session = await createSession(engine);
  for (const content of ['one', 'two', 'three']) await send(engine, session, content);
  await expect.poll(async () => (await stateOf(store, session)).messages.length).toBe(6);
  await expect.poll(async () => (await stateOf(store, session)).turn).toBeUndefined();
  expect(JSON.stringify(given)).toContain('spoiled');
  expect(JSON.stringify(await stateOf(store, session))).not.toContain('spoiled');
});

test('history() is the same list each time it is asked for in a turn', async () => {
  let isSame: boolean | undefined;
  const { store, engine } = setUp(
    agentOf(async function* ({ history }) {
      isSame = history() === history();
      yield 'x';
    }),
  );
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await settled(store, session, 1);
  expect(isSame).toBe(true);
});
