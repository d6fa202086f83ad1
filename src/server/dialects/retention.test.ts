// A log that is trimmed at the end of each turn, and streams of exchanges that are not over or have just ended.
import { afterEach, expect, test } from 'vitest';
import { memoryStore } from '../../log/index.ts';
import type { AgentEvent, Turn } from '../../protocol/index.ts';
import { ask, createTestServer, readFrames } from '../server.fixture.ts';
import type { Server } from '../index.ts';
import { createTestDialect } from './dialect.fixture.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

async function* answer({ input, signal, turn }: Turn): AsyncGenerator<AgentEvent> {
  if (input.type === 'answers') yield 'decided';
  else if (input.content === 'ask')
    yield { type: 'approval_request', approval: `one-${turn}`, reason: 'one' };
  else if (input.content === 'hang')
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  else yield `you said ${JSON.stringify(input.content)}`;
}

function serve(store = memoryStore()): Server {
  const dialects = [createTestDialect()];
  const server = createTestServer(answer, { store, dialects, retention: { entries: 1 } });
  servers.push(server);
  return server;
}

function post(server: Server, body: unknown): Promise<Response> {
  return ask(server, 'POST', '/test', { json: body });
}

/** Reads the data of frames up to `last`, or to the end of the stream. */
async function read(response: Response, last?: string): Promise<readonly string[]> {
  const frames = await readFrames(response, ({ data }) => data === last);
  return frames.flatMap(({ data }) => (data === undefined ? [] : [data]));
}

/** Waits until no turn runs, and no log is being trimmed. */
async function rest(server: Server): Promise<void> {
  await expect.poll(() => server.load.sessions).toBe(0);
}

test('an answer that has just ended can be read again', async () => {
  const server = serve();
  for (const text of ['a', 'b', 'c']) await read(await post(server, { thread: 't', text }));
  await rest(server);
  const again = await read(await ask(server, 'GET', '/test/t/stream?recent'));
  expect(again[0]).toBe('<message>');
  expect(again).toContain('you said "c"');
});

test('answers to approvals go on with the exchange that asked', async () => {
  const server = serve();
  await read(await post(server, { thread: 't', text: 'a' }));
  const asking = await post(server, { thread: 't', text: 'ask', show: 'whole' });
  await rest(server);
  const state = await ask(server, 'GET', `/session/${asking.headers.get('heddle-session')}`);
  const { approvals } = Object(await state.json()) as { approvals: readonly { approval: string }[] };
  const decisions = Object.fromEntries(approvals.map(({ approval }) => [approval, true]));
  const frames = await read(await post(server, { thread: 't', decisions }));
  expect(frames.slice(0, 2)).toEqual(['<approval_answer>', '<message_start>']);
  expect(frames).toContain('decided');
  await rest(server);
  const whole = await read(await ask(server, 'GET', '/test/t/stream?recent&whole'));
  expect(whole.slice(0, 3)).toEqual(['<message>', '<message_start>', '<approval_request>']);
});

test('a message that waited during several turns can be read from its start', async () => {
  const server = serve();
  await read(await post(server, { thread: 't', text: 'a' }));
  for (const text of ['hang', 'b', 'c', 'hang']) await post(server, { thread: 't', text });
  await expect.poll(async () => (await post(server, { thread: 't', cancel: true })).status).toBe(200);
  const isLast = async () => await read(await ask(server, 'GET', '/test/t/stream'), '<message_start>');
  await expect.poll(isLast).toEqual(['<message>', '<message_start>']);
});

test('the log stays short', async () => {
  const store = memoryStore();
  const server = serve(store);
  for (const text of ['a', 'b', 'c']) {
    const response = await post(server, { thread: 't', text });
    await read(response);
    await rest(server);
    const page = await store.log.read(response.headers.get('heddle-session') ?? '', undefined, 100);
    const types = page.type === 'page' ? page.entries.map(({ event }) => event.type) : [];
    expect(types.filter((type) => type === 'message')).toHaveLength(1);
    expect(types[0]).toBe('message');
  }
});
