// Requests that come late, twice or half, and bodies that are larger or deeper than most.
import { afterEach, describe, expect, test } from 'vitest';
import { aiSdk } from '../../dialects/index.ts';
import type { DialectRoute } from '../../dialects/index.ts';
import { memoryStore } from '../../log/index.ts';
import type { AgentEvent, Turn } from '../../protocol/index.ts';
import { ask, createTestServer } from '../server.fixture.ts';
import type { Server, ServerOptions } from '../index.ts';
import { createTestDialect } from './dialect.fixture.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

/** An output of a tool as deep as one may be. */
const deep: unknown = JSON.parse(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`);

async function* answer({ input, turn }: Turn): AsyncGenerator<AgentEvent> {
  if (input.type === 'answers') yield JSON.stringify(input.answers.map(({ decision }) => decision));
  else if (input.content === 'ask')
    for (const name of ['one', 'two'])
      yield { type: 'approval_request', approval: `${name}-${turn}`, reason: name };
  else if (input.content === 'dig') {
    yield { type: 'tool_use', call: 'c', tool: 'dig', input: {} };
    yield { type: 'tool_result', call: 'c', output: deep };
  } else yield `you said ${JSON.stringify(input.content)}`;
}

function serve(options: Partial<ServerOptions> = {}): Server {
  const server = createTestServer(answer, { dialects: [createTestDialect(), aiSdk()], ...options });
  servers.push(server);
  return server;
}

function post(server: Server, body: unknown, path = '/test'): Promise<Response> {
  return ask(server, 'POST', path, { json: body });
}

/** Returns the open approvals of the session of a response. */
async function readApprovals(server: Server, response: Response): Promise<readonly string[]> {
  const found = await ask(server, 'GET', `/session/${response.headers.get('heddle-session')}`);
  const { approvals } = Object(await found.json()) as { approvals: readonly { approval: string }[] };
  return approvals.map(({ approval }) => approval);
}

test('a repeated edit finds its exchange, although the message that it replaced is gone', async () => {
  const server = serve();
  await post(server, { thread: 't', text: 'a', ref: 'first', show: 'whole' });
  const edit = { thread: 't', text: 'b', ref: 'second', replaces: 'first', key: '1', show: 'whole' };
  for (const _ of ['first', 'repeated'])
    expect(await (await post(server, edit)).json()).toMatchObject({ said: ['b', 'you said "b"'] });
  expect((await post(server, { ...edit, key: '2' })).status).toBe(400);
});

test('a whole reply has its answer, although another client has edited the message meanwhile', async () => {
  const begun = Promise.withResolvers<void>();
  const edited = Promise.withResolvers<void>();
  let calls = 0;
  const server = createTestServer(
    async function* ({ input, signal }) {
      if (input.type !== 'message') return;
      if (input.content !== 'first') return edited.resolve();
      yield 'half an answer';
      begun.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    {
      dialects: [createTestDialect()],
      // The third call is for the reply that has waited. The check takes its time.
      isRevoked: async () => {
        if ((calls += 1) === 3) await edited.promise;
        return false;
      },
    },
  );
  servers.push(server);
  const first = post(server, { thread: 't', text: 'first', ref: 'a', show: 'whole' });
  await begun.promise;
  await post(server, { thread: 't', text: 'second', ref: 'b', replaces: 'a', seen: 'a', show: 'now' });
  expect(await (await first).json()).toMatchObject({ said: ['first', 'half an answer'] });
});

test('a stop withdraws a message whose turn has not started yet', async () => {
  const store = memoryStore();
  const server = serve({ store });
  const response = await post(server, { thread: 't', text: 'a', show: 'whole' });
  const session = response.headers.get('heddle-session') ?? '';
  // Another node has the session and does nothing.
  await expect.poll(() => store.leases.claim(session, 'other', 60_000)).toBeDefined();
  await post(server, { thread: 't', text: 'b' });
  expect((await post(server, { thread: 't', cancel: true, show: 'now' })).status).toBe(200);
  const page = await store.log.read(session, undefined, 0);
  expect(page.type === 'page' && page.head.queue).toEqual([]);
});

describe('answers', () => {
  test('of which one is refused are all refused', async () => {
    const server = serve();
    const asking = await post(server, { thread: 't', text: 'ask', show: 'whole' });
    const [one = '', two = ''] = await readApprovals(server, asking);
    const decisions = { [one]: true, [two]: true, other: true };
    expect((await post(server, { thread: 't', decisions })).status).toBe(409);
    expect(await readApprovals(server, asking)).toEqual([one, two]);
  });

  test('of two tabs at once are those of one tab, in whatever order they come', async () => {
    const server = serve();
    const [one = '', two = ''] = await readApprovals(
      server,
      await post(server, { thread: 't', text: 'ask', show: 'whole' }),
    );
    const both = [
      { [one]: 'left', [two]: 'left' },
      { [two]: 'right', [one]: 'right' },
    ].map((decisions) => post(server, { thread: 't', decisions, show: 'whole' }));
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 422]);
    const tab = statuses[0] === 200 ? 'left' : 'right';
    const read = await ask(server, 'GET', '/test/t/stream?recent&show=now');
    expect(Object(await read.json())).toMatchObject({
      said: ['ask', expect.anything(), `["${tab}","${tab}"]`],
    });
  });
});

describe('bodies', () => {
  const user = (id: string, text: string) => ({ id, role: 'user', parts: [{ type: 'text', text }] });

  test('bring back the deepest output of a tool', async () => {
    const server = serve();
    await (await post(server, { id: 'c', messages: [user('m', 'dig')] }, '/ai')).text();
    const loaded: unknown = await (await ask(server, 'GET', '/ai/c')).json();
    const messages = [...(Array.isArray(loaded) ? loaded : []), user('n', 'next')];
    expect(JSON.stringify(messages)).toContain(JSON.stringify(deep));
    const next = await post(server, { id: 'c', messages }, '/ai');
    expect(await next.text()).toContain('you said');
  });

  test('with instructions that no event carries are refused', async () => {
    const system = { id: 's', role: 'system', parts: [{ type: 'text', text: 'x'.repeat(300_000) }] };
    const response = await post(serve(), { id: 'c', messages: [system, user('m', 'a')] }, '/ai');
    expect([response.status, await response.text()]).toEqual([
      413,
      'The instructions of the conversation are longer than 262,144 characters.',
    ]);
  });
});

test('a route that does not declare that it acts can only read', async () => {
  const errors: unknown[] = [];
  const route: DialectRoute = {
    method: 'GET',
    path: '/send',
    acts: false,
    decode: () => ({
      type: 'send',
      thread: { type: 'new' },
      message: { content: 'a' },
      show: { as: 'stream' },
    }),
  };
  const dialects = [{ ...createTestDialect(), routes: [route] }];
  const server = serve({ dialects, onError: (error) => errors.push(error) });
  expect((await ask(server, 'GET', '/send')).status).toBe(500);
  expect(errors.map(String)).toEqual([
    'TypeError: The route /send of "test" wants to send, and does not declare that it acts.',
  ]);
});
