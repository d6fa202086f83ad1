// The values that createServer() accepts as an agent.
import { expect, test } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { AgentFunction } from '../protocol/index.ts';
import { createServer } from './index.ts';
import { ask, readFrames } from './server.fixture.ts';

async function answerOf(agent: AgentFunction, onError: (error: unknown) => void = () => {}): Promise<string> {
  const server = createServer({ agent, store: memoryStore(), gatherMs: 0, onError });
  const frames = await readFrames(await ask(server, 'GET', '/stream?prompt=hi'));
  await server.close(0);
  return frames.map(({ event, data }) => `${event} ${data}`).join('\n');
}

test('an agent may be given as its function', async () => {
  const answer = await answerOf(async function* ({ input, owner, signal }) {
    if (!signal.aborted) yield `${owner} said `;
    yield { type: 'content', data: String(input.content) };
  });
  expect(answer).toMatch(/content .*anonymous said [^]*content .*hi[^]*end/);
});

test.each<readonly [string, AgentFunction]>([
  ['a text', () => 'four'],
  ['a promise of a text', async () => 'four'],
  ['a list', () => ['fo', 'ur']],
  ['a stream', () => new Blob(['four']).stream()],
  ['a Response', async () => new Response('four')],
])('a function that returns %s answers with it', async (_, agent) => {
  expect((await answerOf(agent)).replaceAll(/^.*"content":"(.*?)".*$/gm, '$1')).toMatch(/four|fo\nur/);
});

test('a function that returns no valid answer fails its turn, and onError gets what it returned', async () => {
  const errors: unknown[] = [];
  const answer = await answerOf((() => 42) as never, (error) => errors.push(error));
  expect(answer).toContain('agent_failed');
  expect(String(errors)).toContain("The agent's function gave the number 42.");
});

test('an agent is closed once, after its last turn and before the store', async () => {
  const order: string[] = [];
  const working = Promise.withResolvers<void>();
  const store = memoryStore();
  const server = createServer({
    agent: {
      async start() {
        order.push('start');
      },
      async close() {
        order.push('close');
        throw new Error('the process does not end');
      },
      open: () =>
        async function* ({ signal }) {
          yield 'thinking';
          working.resolve();
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          order.push('turn ends');
        },
    },
    store: { ...store, close: async () => void order.push('store') },
    onError: (error) => order.push(String(error)),
  });
  const stream = readFrames(await ask(server, 'GET', '/stream?prompt=hi'));
  await working.promise;
  await Promise.all([server.close(0), server.close(0)]);
  await stream;
  expect(order).toEqual(['turn ends', 'close', 'Error: the process does not end', 'store']);
});

test('an invalid agent is refused at creation', () => {
  const store = memoryStore();
  expect(() => createServer({ agent: 42 as never, store })).toThrow('this is the number 42.');
  expect(() => createServer({ store } as never)).toThrow('this is nothing (undefined).');
});
