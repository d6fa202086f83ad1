import { afterEach, expect, test } from 'vitest';
import { AgentError } from '../protocol/index.ts';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, readFrames } from './server.fixture.ts';
import type { Generator } from './server.fixture.ts';

let server: Server | undefined;
afterEach(() => server?.close(0));

/** Creates a server that counts the calls of its agent. */
function setUp(answer: Generator, options: Partial<ServerOptions> = {}) {
  const calls = { count: 0 };
  server = createTestServer((turn) => {
    calls.count += 1;
    return answer(turn);
  }, options);
  return { server, calls };
}

const words: Generator = async function* () {
  yield 'one ';
  yield { type: 'tool_use', call: 'c1', tool: 'clock', input: { zone: 'UTC' } };
  yield { type: 'tool_result', call: 'c1', output: '12:00' };
  yield 'two';
};

test('a prompt in the URL gets a stream of named events that ends', async () => {
  const { server, calls } = setUp(words);
  const response = await ask(server, 'GET', '/stream?prompt=hi');
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('private, no-store, no-transform');
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  expect(response.headers.get('content-encoding')).toBe('identity');
  const frames = await readFrames(response);
  expect(frames.map(({ event, data }) => [event, JSON.parse(data)])).toEqual([
    ['content', { content: 'one ' }],
    ['tool_use', { tool: 'clock', input: { zone: 'UTC' }, id: 'c1' }],
    ['content', { content: 'two' }],
    ['end', {}],
  ]);
  expect(calls.count).toBe(1);
});

test('the typed dialect sends every event, and closes with end', async () => {
  const { server } = setUp(words);
  const frames = await readFrames(
    await ask(server, 'POST', '/stream?dialect=typed', { json: { prompt: 'hi' } }),
  );
  const types = frames.map(({ data }) => (JSON.parse(data) as { type: string }).type);
  expect(types.slice(0, 3)).toEqual(['session_start', 'message', 'message_start']);
  expect(types.slice(-2)).toEqual(['message_end', 'end']);
  expect(new Set(frames.map(({ id }) => id)).size).toBe(frames.length);
});

test('the first frame names the session and goes out before the agent is called', async () => {
  const order: string[] = [];
  const { server } = setUp(async function* () {
    order.push('agent');
    yield 'x';
  });
  const response = await ask(server, 'GET', '/stream?prompt=hi');
  const reader = response.body?.getReader();
  let text = '';
  const decoder = new TextDecoder();
  while (!text.includes('id: ')) text += decoder.decode((await reader?.read())?.value, { stream: true });
  order.unshift('first frame');
  expect(text).toMatch(/^retry: \d+$/m);
  expect(text).toMatch(/^id: 2-[A-Za-z0-9]{6}\.[A-Za-z0-9_-]{22}$/m);
  expect(order[0]).toBe('first frame');
  await reader?.cancel();
});

test.each(['named', 'typed'])(
  'a reconnect after any frame continues there, in dialect %s, and does not call the agent',
  async (dialect) => {
    const { server, calls } = setUp(words);
    const path = `/stream?prompt=hi&dialect=${dialect}`;
    const frames = await readFrames(await ask(server, 'GET', path));
    for (const [index, { id }] of frames.entries()) {
      const again = await ask(server, 'GET', path, { headers: { 'last-event-id': id } });
      if (index === frames.length - 1) expect(again.status).toBe(204);
      else expect(await readFrames(again)).toEqual(frames.slice(index + 1));
    }
    expect(calls.count).toBe(1);
  },
);

test('a reader that reconnects in mid-answer continues in mid-word', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { server, calls } = setUp(async function* () {
    yield 'unbe';
    await promise;
    yield 'lievable';
  });
  const response = await ask(server, 'GET', '/stream?prompt=hi');
  const [first] = await readFrames(response, ({ event }) => event === 'content');
  resolve();
  const rest = await readFrames(
    await ask(server, 'GET', '/stream?prompt=hi', { headers: { 'last-event-id': first?.id ?? '' } }),
  );
  expect(rest.map(({ data }) => JSON.parse(data) as unknown)).toEqual([{ content: 'lievable' }, {}]);
  expect(calls.count).toBe(1);
});

test('a retry before any id arrived finds the same turn by its key, and another prompt is refused', async () => {
  const { server, calls } = setUp(words);
  const first = await readFrames(await ask(server, 'GET', '/stream?prompt=hi&key=k1'));
  expect(await readFrames(await ask(server, 'GET', '/stream?prompt=hi&key=k1'))).toEqual(first);
  expect((await ask(server, 'GET', '/stream?prompt=other&key=k1')).status).toBe(422);
  await readFrames(await ask(server, 'GET', '/stream?prompt=hi&key=k2'));
  expect(calls.count).toBe(2);
});

test('a turn that fails sends an error in named events, and ends', async () => {
  const { server } = setUp(async function* () {
    yield 'so far';
    throw new AgentError('model_failed', 'The model failed.');
  });
  const frames = await readFrames(await ask(server, 'GET', '/stream?prompt=hi'));
  expect(frames.map(({ event }) => event)).toEqual(['content', 'error', 'end']);
  expect(JSON.parse(frames[1]?.data ?? '')).toEqual({ code: 'model_failed', message: 'The model failed.' });
  const rest = await ask(server, 'GET', '/stream?prompt=hi', {
    headers: { 'last-event-id': frames[1]?.id ?? '' },
  });
  expect((await readFrames(rest)).map(({ event }) => event)).toEqual(['end']);
});

test('ids that are malformed, of another kind of stream or of no session are refused', async () => {
  const { server } = setUp(words);
  const at = (id: string) => ask(server, 'GET', '/stream?prompt=hi', { headers: { 'last-event-id': id } });
  expect((await at('nonsense')).status).toBe(400);
  expect((await at('1-abcdef')).status).toBe(400);
  expect((await at('1-abcdef.nowhere')).status).toBe(404);
});

test('the prompt in the URL can be switched off', async () => {
  const { server, calls } = setUp(words, { promptInUrl: false });
  expect((await ask(server, 'GET', '/stream?prompt=hi')).status).toBe(405);
  expect(calls.count).toBe(0);
});

test('a request that a page of another site makes a browser send starts no turn', async () => {
  const { server, calls } = setUp(words, { origins: ['https://friend.example'] });
  const from = (headers: Record<string, string>) => ask(server, 'GET', '/stream?prompt=hi', { headers });
  expect((await from({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await from({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await from({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await from({ origin: 'null' })).status).toBe(403);
  expect(calls.count).toBe(0);
  const friend = await from({ origin: 'https://friend.example', 'sec-fetch-site': 'cross-site' });
  expect(friend.headers.get('access-control-allow-origin')).toBe('https://friend.example');
  await readFrames(friend);
  await readFrames(await from({ origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }));
  expect(calls.count).toBe(2);
});
