import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import type { AgentEvent, SessionState, Turn } from '../protocol/index.ts';
import type { Server } from './index.ts';
import { ask, createTestServer, field } from './server.fixture.ts';

let server: Server;
afterEach(() => server.close(0));

/** An agent whose answer to `long` goes on until it is stopped. */
async function* answer({ input, signal }: Turn): AsyncGenerator<AgentEvent> {
  yield 'so';
  if (input.content === 'long' && !signal.aborted) await once(signal, 'abort');
}

const send = (session: string, body: object, key?: string) =>
  ask(server, 'POST', `/message/${session}`, {
    json: { on_busy: 'supersede', ...body },
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });
const answersOf = async (session: string): Promise<unknown> => {
  const { messages } = (await (await ask(server, 'GET', `/session/${session}`)).json()) as SessionState;
  return messages.map((each) => (each.role === 'user' ? [each.content, each.status] : each.outcome));
};

test('a message supersedes the answer that its sender has seen, and waits behind any other', async () => {
  server = createTestServer(answer);
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  const seen = await field(await send(session, { content: 'long' }), 'message_id');
  await expect.poll(() => answersOf(session)).toEqual([['long', 'started'], undefined]);
  expect((await send(session, { content: 'of another tab' })).status).toBe(202);
  expect(await answersOf(session)).toEqual([['long', 'started'], undefined, ['of another tab', 'waiting']]);

  const first = await send(session, { content: 'instead', seen }, 'k');
  await expect
    .poll(() => answersOf(session))
    .toEqual([
      ['long', 'started'],
      'cancelled',
      ['instead', 'started'],
      'completed',
      ['of another tab', 'started'],
      'completed',
    ]);
  expect(await (await send(session, { content: 'instead', seen }, 'k')).json()).toEqual(await first.json());
  expect((await send(session, { content: 'instead' }, 'k')).status).toBe(422);
});
