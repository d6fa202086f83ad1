import { RateLimiterMemory } from 'rate-limiter-flexible';
import { afterEach, expect, test } from 'vitest';
import type { Rate, Server, ServerOptions } from './index.ts';
import { ask, createTestServer, readFrames } from './server.fixture.ts';

let server: Server;
const inputs: unknown[] = [];
afterEach(async () => {
  inputs.length = 0;
  await server.close(0);
});

function serve(options: Partial<ServerOptions> = {}): void {
  server = createTestServer(async function* ({ input }) {
    inputs.push(input);
    yield 'Hello.';
  }, options);
}

const create = (json: unknown, key?: string): Promise<Response> =>
  ask(server, 'POST', '/session', {
    json,
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });

const first = { content: 'hello', author: 'Ada' };

test('a session is created with its first message, and the agent answers it', async () => {
  serve();
  const answer = await create({ metadata: { topic: 'x' }, message: first });
  expect(answer.status).toBe(201);
  const { session_id, message_id, turn_id, id } = (await answer.json()) as Record<string, string>;
  const stream = await ask(server, 'GET', `/stream/${session_id}`);
  const frames = await readFrames(stream, ({ data }) => data.includes('message_end'));
  expect(frames.map(({ data }) => JSON.parse(data) as unknown)).toContainEqual(
    expect.objectContaining({ type: 'message', message: message_id, turn: turn_id, ...first }),
  );
  expect(frames.find(({ data }) => data.includes('"message"'))?.id).toBe(id);
  expect(frames.find(({ data }) => data.includes('session_start'))?.data).toContain('"topic":"x"');
  expect(inputs).toEqual([expect.objectContaining(first)]);
});

test('a repeat with the same key gets the same session and message, and one with another message is refused', async () => {
  serve();
  const receipt: unknown = await (await create({ message: first }, 'k')).json();
  expect(await (await create({ message: first }, 'k')).json()).toEqual(receipt);
  for (const other of [{ message: { content: 'good bye' } }, {}]) {
    const refused = await create(other, 'k');
    expect([refused.status, await refused.json()]).toMatchObject([422, { code: 'key_reused' }]);
  }
  expect(await (await ask(server, 'GET', '/sessions')).json()).toMatchObject({
    sessions: [{ title: 'hello' }],
  });
});

test.each([
  ['no content', {}, 400, '"message.content"'],
  ['an empty content', { content: '' }, 400, '"message.content"'],
  ['no message', 'hello', 400, '"message"'],
  ['an author that is not a text', { content: 'a', author: 1 }, 400, '"message.author"'],
  ['more than a message holds', { content: 'x'.repeat(300_000) }, 413, '262,144 characters'],
])('with %s nothing is created, and the response says why', async (_, message, status, words) => {
  serve();
  const refused = await create({ message });
  expect(refused.status).toBe(status);
  expect(JSON.stringify(await refused.json())).toContain(words.replaceAll('"', '\\"'));
  expect(await (await ask(server, 'GET', '/sessions')).json()).toEqual({ sessions: [] });
});

test('it counts as a session and as a message', async () => {
  const rate = (of: Rate['of'], points: number): Rate => ({
    of,
    per: 'owner',
    limiter: new RateLimiterMemory({ points, duration: 60 }),
  });
  serve({ quotas: { rates: [rate('sessions', 3), rate('messages', 1)] } });
  const statuses: number[] = [];
  for (const json of [{ message: first }, { message: first }, {}, {}])
    statuses.push((await create(json)).status);
  expect(statuses).toEqual([201, 429, 201, 429]);
});
