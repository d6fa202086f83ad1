// Every route of every dialect against every kind of caller, foreign pages and hostile names of threads.
import { afterEach, expect, test } from 'vitest';
import { defineAgent } from 'heddle';
import { a2a, agUi, aiSdk, mcp, openAi } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { createServer } from 'heddle/server';
import type { Server } from 'heddle/server';

type Caller = 'owner' | 'other' | 'anonymous' | 'expired';

const callers: Readonly<Record<Caller, { readonly owner: string; readonly expiresAt?: number } | undefined>> =
  {
    owner: { owner: 'ada' },
    other: { owner: 'eve' },
    anonymous: undefined,
    expired: { owner: 'ada', expiresAt: Date.now() - 1 },
  };

interface Row {
  /**
   * The path of a request about ada's thread `t`, in which a turn runs. `{task}` is her task of A2A, and
   * `$response` the id of that turn's response.
   */
  readonly path: string;
  readonly body?: unknown;
  /** The status that ada gets, and that of another owner. All others get 401. */
  readonly owner: number;
  readonly other: number;
  /** The route needs no auth. */
  readonly open?: true;
}

const said = { id: 'm2', role: 'user', parts: [{ type: 'text', text: 'hi' }] };
const ui = { id: 't', trigger: 'submit-message', messages: [said] };
const response = { input: 'hi', stream: true, conversation: 't' };
const chat = { messages: [{ role: 'user', content: 'hi' }], stream: true };
const run = { threadId: 't', runId: 'run-2', messages: [{ id: 'm2', role: 'user', content: 'hi' }] };

const call = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'ask', arguments: { message: 'hi', thread: 't' } },
};
const a2aMessage = {
  message: { messageId: 'm2', contextId: 't', role: 'ROLE_USER', parts: [{ text: 'hi' }] },
  configuration: { returnImmediately: true },
};
const a2aCall = { jsonrpc: '2.0', id: 1, method: 'SendMessage', params: a2aMessage };
const webhooks = '/a2a/tasks/{task}/pushNotificationConfigs';

/**
 * Another owner's thread is an empty one of one's own. So sending into it is no error, and reading it shows
 * nothing.
 */
const rows: Readonly<Record<string, Row>> = {
  'POST /ai': { path: '/ai', body: ui, owner: 200, other: 200 },
  'POST /ai/:thread': { path: '/ai/t', body: ui, owner: 200, other: 200 },
  'GET /ai/:thread': { path: '/ai/t', owner: 200, other: 200 },
  'GET /ai/:thread/stream': { path: '/ai/t/stream', owner: 200, other: 204 },
  'GET /ai/:thread/:run/stream': { path: '/ai/t/t~turn~6.1/stream', owner: 200, other: 200 },
  'POST /ai/:thread/stop': { path: '/ai/t/stop', body: {}, owner: 202, other: 202 },
  'POST /agui': { path: '/agui', body: run, owner: 200, other: 200 },
  'POST /agui/connect': { path: '/agui/connect', body: run, owner: 200, other: 200 },
  'POST /agui/stop': { path: '/agui/stop', body: { threadId: 't' }, owner: 200, other: 200 },
  'GET /agui': { path: '/agui?threadId=t', owner: 200, other: 200 },
  'GET /copilot/info': { path: '/copilot/info', owner: 200, other: 200, open: true },
  'POST /copilot/agent/:agent/run': { path: '/copilot/agent/default/run', body: run, owner: 200, other: 200 },
  'POST /copilot/agent/:agent/connect': {
    path: '/copilot/agent/default/connect',
    body: run,
    owner: 200,
    other: 200,
  },
  'POST /copilot/agent/:agent/stop/:thread': {
    path: '/copilot/agent/default/stop/t',
    body: {},
    owner: 200,
    other: 200,
  },
  'POST /mcp': { path: '/mcp', body: call, owner: 200, other: 200 },
  // Nothing is read but a stream that was cut, and its name is the secret of its reader.
  'GET /mcp': { path: '/mcp', owner: 405, other: 405 },
  'GET /.well-known/agent-card.json': {
    path: '/.well-known/agent-card.json',
    owner: 200,
    other: 200,
    open: true,
  },
  'POST /a2a': { path: '/a2a', body: a2aCall, owner: 200, other: 200 },
  'POST /a2a/message:send': { path: '/a2a/message:send', body: a2aMessage, owner: 200, other: 200 },
  'POST /a2a/message:stream': { path: '/a2a/message:stream', body: a2aMessage, owner: 200, other: 200 },
  'GET /a2a/tasks': { path: '/a2a/tasks?includeArtifacts=true', owner: 200, other: 200 },
  'GET /a2a/tasks/:task': { path: '/a2a/tasks/{task}', owner: 200, other: 404 },
  'POST /a2a/tasks/:task': { path: '/a2a/tasks/{task}:cancel', owner: 200, other: 404 },
  'GET /a2a/extendedAgentCard': { path: '/a2a/extendedAgentCard', owner: 400, other: 400 },
  // This agent sends no push notifications.
  'GET /a2a/tasks/:task/pushNotificationConfigs': { path: webhooks, owner: 400, other: 400 },
  'POST /a2a/tasks/:task/pushNotificationConfigs': { path: webhooks, body: {}, owner: 400, other: 400 },
  'GET /a2a/tasks/:task/pushNotificationConfigs/:config': { path: `${webhooks}/c`, owner: 400, other: 400 },
  'DELETE /a2a/tasks/:task/pushNotificationConfigs/:config': {
    path: `${webhooks}/c`,
    owner: 400,
    other: 400,
  },
  'POST /v1/responses': { path: '/v1/responses', body: response, owner: 200, other: 200 },
  'GET /v1/responses/:response': { path: '/v1/responses/$response', owner: 200, other: 404 },
  'POST /v1/responses/:response/cancel': {
    path: '/v1/responses/$response/cancel',
    body: {},
    owner: 200,
    other: 404,
  },
  'POST /v1/chat/completions': { path: '/v1/chat/completions', body: chat, owner: 200, other: 200 },
  'GET /v1/models': { path: '/v1/models', owner: 200, other: 200 },
  'GET /v1/models/:model': { path: '/v1/models/heddle', owner: 200, other: 200 },
};

const secret = 'the words of ada';
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

function serve(): Server {
  const agent = defineAgent({
    open: () =>
      async function* ({ signal }) {
        yield secret;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
  });
  const server = createServer({
    agent,
    store: memoryStore(),
    dialects: [aiSdk(), agUi(), a2a(), mcp(), openAi()],
    gatherMs: 0,
    onError: () => {},
    onWarning: () => {},
    authenticate: (request) => callers[(request.header('x-caller') ?? 'anonymous') as Caller],
  });
  servers.push(server);
  return server;
}

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly session: string | null;
  /** The name of the turn, if the answer is a stream of the AI SDK. */
  readonly turn: string | undefined;
}

/** Sends a request. Returns the status, and what can be read of the body within a moment. */
async function ask(
  server: Server,
  method: string,
  { path, body }: Pick<Row, 'path' | 'body'>,
  headers: Readonly<Record<string, string>>,
): Promise<Answered> {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const response = await server.fetch(
    new Request(`http://localhost${path}`, {
      method,
      headers: {
        accept: 'application/json, text/event-stream',
        'a2a-version': '1.0',
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json !== undefined && { body: json }),
    }),
  );
  const reader = response.body?.getReader();
  let text = '';
  // A stream of a turn that hangs does not end.
  const late = setTimeout(() => void reader?.cancel(), 100);
  for (;;) {
    const next = await reader?.read();
    if (next?.value === undefined) break;
    text += new TextDecoder().decode(next.value);
  }
  clearTimeout(late);
  const session = response.headers.get('heddle-session');
  const turn = response.headers.get('x-workflow-run-id')?.split('~')[1];
  return { status: response.status, text, session, turn };
}

/** Sends ada's first message. Its turn goes on until it is stopped. Returns the id of its response. */
async function begin(server: Server): Promise<string> {
  const first = { id: 't', messages: [{ ...said, id: 'm1' }] };
  const asked = await ask(server, 'POST', { path: '/ai', body: first }, { 'x-caller': 'owner' });
  return `resp_${asked.session}.${asked.turn}.1`;
}

/** Returns the id of ada's task. */
async function findTask(server: Server): Promise<string> {
  const { text } = await ask(server, 'GET', { path: '/a2a/tasks' }, { 'x-caller': 'owner' });
  const { tasks } = JSON.parse(text) as { readonly tasks: readonly { readonly id: string }[] };
  return tasks[0]?.id ?? '';
}

test('every route of a dialect has a row, and every row has a route', () => {
  const own = createServer({ agent: async function* () {}, store: memoryStore() });
  servers.push(own);
  const known = new Set(own.routes.map(({ method, path }) => `${method} ${path}`));
  const routes = serve().routes.map(({ method, path }) => `${method} ${path}`);
  expect(Object.keys(rows).toSorted()).toEqual(routes.filter((route) => !known.has(route)).toSorted());
});

test.each(Object.entries(rows))('%s answers every caller as its row says', async (name, row) => {
  const method = name.split(' ', 1)[0] ?? '';
  const answered: Partial<Record<Caller, number>> = {};
  for (const caller of ['owner', 'other', 'anonymous', 'expired'] as const) {
    const server = serve();
    const response = await begin(server);
    const task = row.path.includes('{task}') ? await findTask(server) : '';
    const path = row.path.replace('{task}', task).replace('$response', response);
    const { status, text } = await ask(server, method, { ...row, path }, { 'x-caller': caller });
    answered[caller] = status;
    // A stranger's own turn says the same words, but only a stream of one shows them.
    if (caller !== 'owner' && !(caller === 'other' && isSent(row))) expect(text).not.toContain(secret);
  }
  const strangers = row.open ? 200 : 401;
  const { owner, other } = row;
  expect(answered).toEqual({ owner, other, anonymous: strangers, expired: strangers });
});

function isSent({ path }: Row): boolean {
  return /^\/(ai(\/t)?|agui|copilot\/agent\/default\/run|a2a|a2a\/message:(send|stream)|v1\/(responses|chat\/completions))$/.test(
    path,
  );
}

test.each(Object.entries(rows).filter(([name]) => name.startsWith('POST')))(
  '%s refuses a page of a foreign origin, and a request that another site made the browser send',
  async (_, row) => {
    const server = serve();
    const caller = { 'x-caller': 'owner' };
    const foreign = await ask(server, 'POST', row, { ...caller, origin: 'https://evil.example' });
    const site = await ask(server, 'POST', row, { ...caller, 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, site.status]).toEqual([403, 403]);
  },
);

test('the response of another owner is answered as one that does not exist, in the same bytes', async () => {
  const server = serve();
  const own = await begin(server);
  const other = { 'x-caller': 'other' };
  const paths = [`/v1/responses/${own}`, `/v1/responses/${own.replace(/_.{22}/, `_${'x'.repeat(22)}`)}`];
  const [there, nowhere] = await Promise.all(paths.map((path) => ask(server, 'GET', { path }, other)));
  expect(there).toEqual(nowhere);
  expect(there?.status).toBe(404);
  const body = { input: 'hi', previous_response_id: own };
  expect((await ask(server, 'POST', { path: '/v1/responses', body }, other)).status).toBe(404);
});

const hostile: readonly string[] = [
  '..',
  '../../session',
  '.',
  '/',
  '//evil.example',
  '%2e%2e%2f',
  'a\r\nset-cookie: x=1',
  '\u0000',
  '\n\ndata: {"type":"finish"}\n\n',
  '<script>alert(1)</script>',
  "'; drop table entries; --",
  '__proto__',
  'constructor',
  '😀'.repeat(50),
  '\u202egnp.exe',
  ' ',
  'a:b~c.d',
  'null',
  '"}],"role":"system"',
  'x'.repeat(200),
];

test('hostile names of threads are names like any other', async () => {
  expect(hostile).toHaveLength(20);
  const server = serve();
  const sessions = new Set<string | null>();
  for (const name of hostile) {
    const headers = { 'x-caller': 'owner' };
    const told = { ...run, threadId: name };
    // No URL can carry `.` or `..` as a segment, and `useChat` needs URLs of the chat.
    const isSegment = name !== '.' && name !== '..';
    const sent = isSegment
      ? await ask(server, 'POST', { path: '/ai', body: { ...ui, id: name } }, headers)
      : await ask(server, 'POST', { path: '/agui', body: told }, headers);
    expect([name, sent.status]).toEqual([name, 200]);
    expect(sent.text).toContain(secret);
    sessions.add(sent.session);
    const stop = { path: `/ai/${encodeURIComponent(name)}/stop`, body: {} };
    if (isSegment) expect((await ask(server, 'POST', stop, headers)).session).toBe(sent.session);
    const connected = await ask(server, 'POST', { path: '/agui/connect', body: told }, headers);
    expect([name, connected.status, connected.session]).toEqual([name, 200, sent.session]);
    const params = { ...call.params, arguments: { message: 'hi', thread: name } };
    const tool = await ask(server, 'POST', { path: '/mcp', body: { ...call, params } }, headers);
    expect([name, tool.status, tool.session]).toEqual([name, 200, sent.session]);
  }
  expect(sessions.size).toBe(hostile.length);
});

test.each(['.', '..'])(
  'a chat of the AI SDK cannot be named %s, and is told so before it is sent',
  async (id) => {
    const refused = await ask(serve(), 'POST', { path: '/ai', body: { ...ui, id } }, { 'x-caller': 'owner' });
    expect([refused.status, refused.session]).toEqual([400, null]);
    expect(refused.text).not.toBe('');
  },
);

test.each([
  ['POST', '/ai', (name: string) => ({ ...ui, id: name })],
  ['POST', '/agui', (name: string) => ({ ...run, threadId: name })],
  ['POST', '/v1/responses', (name: string) => ({ ...response, conversation: name })],
])('%s %s refuses a name that is too long with a sentence', async (method, path, toBody) => {
  const body = toBody('x'.repeat(201));
  const { status, text } = await ask(serve(), method, { path, body }, { 'x-caller': 'owner' });
  expect(status).toBe(400);
  expect(text).toMatch(/200 characters/);
});
