import { defineAgent, toAgent } from 'heddle';
import type { Agent } from 'heddle';
import { afterEach, expect, test } from 'vitest';
import { mindFloating } from './mind-floating.ts';
import { startAgent } from './start-agent.ts';

const events = ['unhandledRejection', 'uncaughtException'] as const;
const before = events.map((event) => process.listeners(event as 'uncaughtException'));
afterEach(() => {
  for (const [index, event] of events.entries())
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (!before[index]?.includes(listener)) process.off(event, listener);
});

/** An agent of a class, with every field that an agent can have. A new field must be passed on, too. */
class Whole implements Required<Agent> {
  readonly #calls: string[] = [];
  readonly onCrash = 'fail';
  readonly history = 20;
  readonly tools = { pay: { idempotent: true } };
  open(): ReturnType<Agent['open']> {
    return async function* () {};
  }
  async start(): Promise<void> {
    this.#calls.push('start');
  }
  async close(): Promise<void> {
    this.#calls.push('close');
  }
  get calls(): readonly string[] {
    return this.#calls;
  }
}

test.each<readonly [string, (agent: Agent) => Agent]>([
  ['toAgent', toAgent],
  ['defineAgent', defineAgent],
  ['heddle serve', (agent) => mindFloating(agent, { hooks: { onError: () => {} }, end: async () => true })],
])('%s passes on every field of an agent', async (_, wrap) => {
  const agent = new Whole();
  const wrapped = wrap(agent);
  const { open, start, close, ...facts }: Required<Agent> = agent;
  for (const name of Object.keys({ open, start, close, ...facts })) expect(wrapped).toHaveProperty(name);
  expect(wrapped).toMatchObject(facts);
  await startAgent(wrapped);
  await wrapped.close?.();
  expect(agent.calls).toEqual(['start', 'close']);
});

test('an agent without start and close gets none', () => {
  const wrapped = mindFloating(
    { open: () => async function* () {} },
    { hooks: { onError: () => {} }, end: async () => true },
  );
  expect(Object.keys(wrapped)).toEqual(['open']);
});

test.each([
  [new Error('spawn nothing ENOENT\n  at …'), 'The agent does not start: spawn nothing ENOENT'],
  ['no such command', 'The agent does not start: no such command'],
])('a start that rejects with %s is told in one sentence', async (error, sentence) => {
  const start = async (): Promise<void> => {
    throw error;
  };
  const failure = startAgent({ open: () => async function* () {}, start });
  await expect(failure).rejects.toMatchObject({ name: 'ExitError', message: sentence });
});
