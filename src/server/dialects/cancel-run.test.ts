// A client that knows a turn only by its own name of it stops the turn in each of its states.
import { afterEach, expect, test } from 'vitest';
import { mcp } from '../../dialects/index.ts';
import type { AgentEvent, Turn } from '../../protocol/index.ts';
import { ask, createTestServer, readFrames } from '../server.fixture.ts';
import type { Server } from '../index.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

async function* answer({ input, signal, turn }: Turn): AsyncGenerator<AgentEvent> {
  if (input.type === 'message' && input.content === 'ask')
    return yield { type: 'approval_request', approval: `a-${turn}`, reason: 'Sure?' };
  yield 'hanging';
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

test.each([
  ['runs', 'hang', false, ['cancelled']],
  ['waits for an approval', 'ask', false, ['waiting']],
  ['goes on from an approval', 'ask', true, ['waiting', 'cancelled']],
])('a turn that %s', async (_, message, isAnswered, outcomes) => {
  const server = createTestServer(answer, { dialects: [mcp()] });
  servers.push(server);
  const post = (json: object, headers: Record<string, string> = {}): Promise<Response> =>
    ask(server, 'POST', '/mcp', {
      json: { jsonrpc: '2.0', ...json },
      headers: { accept: 'application/json, text/event-stream', ...headers },
    });
  const capabilities = { elicitation: {} };
  const begun = await post({ id: 1, method: 'initialize', params: { capabilities } });
  const headers = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
  const params = { name: 'ask', arguments: { message } };
  const asked = await post({ id: 2, method: 'tools/call', params }, headers);
  const read = async () => {
    const state = await ask(server, 'GET', `/session/${asked.headers.get('heddle-session')}`);
    return Object(await state.json()) as {
      approvals: readonly unknown[];
      messages: readonly { role: string; outcome?: string; parts?: readonly unknown[] }[];
    };
  };
  const frames = readFrames(asked);
  await expect.poll(async () => (await read()).messages.at(-1)?.parts?.length).toBe(1);
  if (isAnswered) {
    const [approval] = (await read()).approvals;
    const id = `${asked.headers.get('heddle-session')}.${Object(approval).approval}`;
    await post({ id, result: { action: 'accept', content: { approve: true } } }, headers);
    await expect.poll(async () => (await read()).messages.at(-1)?.outcome).toBeUndefined();
  }
  await post({ method: 'notifications/cancelled', params: { requestId: 2 } }, headers);
  await frames;
  const { approvals, messages } = await read();
  expect(approvals).toEqual([]);
  expect(messages.flatMap(({ outcome }) => outcome ?? [])).toEqual(outcomes);
});
