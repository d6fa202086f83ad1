// The routes of AG-UI for every kind of caller, without a client.
import { agUi } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { createServer } from 'heddle/server';
import type { Server } from 'heddle/server';
import { afterEach, expect, test } from 'vitest';

/** JSON that is too deep to be written again once it is read. */
const deep = '['.repeat(20_000) + ']'.repeat(20_000);

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

function serve(): Server {
  const server = createServer({
    agent: async function* ({ input }) {
      if (input.type === 'message' && input.content === 'call') {
        yield { type: 'tool_use_start', call: 'c', tool: 'read' };
        yield { type: 'tool_use_input', call: 'c', data: deep };
        yield { type: 'tool_use', call: 'c', tool: 'read', input: {} };
        yield { type: 'tool_result', call: 'c', output: deep };
      }
      yield `You said ${JSON.stringify(input.content)}`;
    },
    store: memoryStore(),
    dialects: [agUi()],
    authenticate: (request) => request.header('x-user'),
    onError: () => {},
  });
  servers.push(server);
  return server;
}

const run = {
  threadId: 'room',
  runId: 'run-1',
  messages: [{ id: 'u-1', role: 'user', content: 'Hello' }],
};

async function ask(
  server: Server,
  place: string,
  { user, body = run, headers = {} }: { user?: string; body?: object; headers?: Record<string, string> } = {},
): Promise<{ status: number; text: string; events: readonly Record<string, unknown>[]; session: string }> {
  const [method = '', path = ''] = place.split(' ');
  const response = await server.fetch(
    new Request(`http://localhost${path}`, {
      method,
      headers: {
        ...headers,
        ...(user !== undefined && { 'x-user': user }),
        ...(method === 'POST' && { 'content-type': 'application/json' }),
      },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const events = [...text.matchAll(/^data: (.*)$/gm)].map(
    ([, data = '']) => JSON.parse(data) as Record<string, unknown>,
  );
  const session = response.headers.get('heddle-session') ?? '';
  return { status: response.status, text, events, session };
}

const places = (agUi().routes ?? []).map(({ method, path }) => {
  const query = method === 'GET' && path === '/agui' ? '?threadId=room' : '';
  return `${method} ${path.replace(':agent', 'default').replace(':thread', 'room')}${query}`;
});

test.each(places)('%s needs auth, unless it only names the agent', async (place) => {
  const { status } = await ask(serve(), place);
  expect(status).toBe(place === 'GET /copilot/info' ? 200 : 401);
});

test.each(places.filter((place) => place.startsWith('POST')))(
  '%s refuses pages of other sites',
  async (place) => {
    const headers = { origin: 'https://evil.example' };
    const { status, text } = await ask(serve(), place, { user: 'ada', headers });
    expect(status).toBe(403);
    expect(text).toContain('The page is from https://evil.example');
  },
);

test('nobody sees the conversation of another owner, by its name, its session or its run', async () => {
  const server = serve();
  const { session, events } = await ask(server, 'POST /agui', { user: 'ada' });
  expect(events.at(-1)).toMatchObject({ type: 'RUN_FINISHED', threadId: 'room', runId: 'run-1' });
  const own = await ask(server, 'GET /agui?threadId=room', { user: 'ada' });
  expect(JSON.parse(own.text)).toMatchObject({ messages: [{ role: 'user' }, { role: 'assistant' }] });
  for (const thread of ['room', session]) {
    const hydrated = await ask(server, `GET /agui?threadId=${thread}`, { user: 'eve' });
    expect(JSON.parse(hydrated.text)).toEqual({ messages: [], activeRun: null, interrupts: null });
    for (const place of ['POST /agui/connect', 'POST /copilot/agent/default/connect']) {
      const connected = await ask(server, place, { user: 'eve', body: { ...run, threadId: thread } });
      expect(connected.events).toEqual([
        { type: 'RUN_STARTED', threadId: thread, runId: 'run-1' },
        { type: 'MESSAGES_SNAPSHOT', messages: [] },
        { type: 'RUN_FINISHED', threadId: thread, runId: 'run-1', outcome: { type: 'success' } },
      ]);
    }
    const stopped = await ask(server, 'POST /agui/stop', { user: 'eve', body: { threadId: thread } });
    expect(JSON.parse(stopped.text)).toEqual({ stopped: false });
  }
  for (const runId of ['run-1', `${session}.${'t'.repeat(16)}`])
    expect((await ask(server, `GET /agui?runId=${runId}`, { user: 'eve' })).status).toBe(404);
});

test('a repeated run joins the first, and other content under its id is refused', async () => {
  const server = serve();
  const first = await ask(server, 'POST /agui', { user: 'ada' });
  const again = await ask(server, 'POST /agui', { user: 'ada' });
  expect(again.events).toEqual(first.events);
  const other = { ...run, messages: [{ id: 'u-1', role: 'user', content: 'Other' }] };
  expect((await ask(server, 'POST /agui', { user: 'ada', body: other })).status).toBe(422);
});

test('a refusal is a sentence, which HttpAgent shows as it is', async () => {
  const refused = await ask(serve(), 'POST /agui', { user: 'ada', body: { threadId: 'room' } });
  expect([refused.status, refused.text]).toEqual([400, 'The body must have a "runId".']);
  const unknown = await ask(serve(), 'POST /copilot/agent/other/run', { user: 'ada' });
  expect([unknown.status, unknown.text]).toEqual([
    404,
    'There is no agent of that name here. There is "default".',
  ]);
});

test('a run that a client names after a cut, and that is not there, is not begun', async () => {
  const headers = { 'last-event-id': '3-abcdef' };
  expect((await ask(serve(), 'POST /agui', { user: 'ada', headers })).status).toBe(404);
});

test('CopilotKit learns the name of the agent', async () => {
  const { text } = await ask(serve(), 'GET /copilot/info');
  expect(JSON.parse(text)).toEqual({
    version: '1',
    mode: 'sse',
    audioFileTranscriptionEnabled: false,
    agents: { default: { name: 'default', description: '' } },
  });
});

test('a result or an input that is deep JSON stays text, in the conversation and in a past', async () => {
  const server = serve();
  const message = { id: 'u-1', role: 'user', content: 'call' };
  const call = { id: 'c', type: 'function', function: { name: 'read', arguments: deep } };
  const past = [
    { id: 'u-0', role: 'user', content: 'Hi' },
    { id: 'a-0', role: 'assistant', toolCalls: [call] },
  ];
  const { status } = await ask(server, 'POST /agui', {
    user: 'ada',
    body: { ...run, messages: [...past, message] },
  });
  const loaded = await ask(server, 'GET /agui?threadId=room', { user: 'ada' });
  expect([status, loaded.status]).toEqual([200, 200]);
  expect(loaded.text.includes(`"arguments":"${deep}"`)).toBe(true);
  expect(loaded.text.includes(`"output":"${deep}"`)).toBe(true);
});

test('instructions that no reader could take are refused', async () => {
  const server = serve();
  const system = { id: 's-1', role: 'system', content: 'x'.repeat(300_000) };
  const long = { ...run, messages: [system, ...run.messages] };
  const refused = await ask(server, 'POST /agui', { user: 'ada', body: long });
  expect([refused.status, refused.text]).toEqual([
    413,
    'The instructions of the conversation are longer than 262,144 characters.',
  ]);
  expect((await ask(server, 'GET /sessions', { user: 'ada' })).text).toContain('[]');
});
