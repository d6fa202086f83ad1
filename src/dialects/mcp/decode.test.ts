import { describe, expect, test } from 'vitest';
import type { DialectRequest } from '../dialect-route.ts';
import type { Intent } from '../intent.ts';
import { mcp } from './mcp.ts';
import { fromMcpVariant, toMcpFrameId } from './stream-name.ts';

const [post, get] = mcp().routes ?? [];

type Headers = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, unknown>>;

function toRequest(body: Fields, headers: Headers = {}): DialectRequest {
  return { params: {}, query: new URLSearchParams(), body, header: (name) => headers[name] };
}

const stream = { accept: 'application/json, text/event-stream' };
const version = '2026-07-28';
const meta = {
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** Returns a request of the modern revision, with the headers that belong to it. */
function modern(method: string, params: Fields = {}, headers: Headers = {}): DialectRequest {
  const name = params['name'] ?? params['taskId'];
  return toRequest(
    { jsonrpc: '2.0', id: 1, method, params: { _meta: meta, ...params } },
    {
      ...stream,
      'mcp-protocol-version': version,
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
      ...headers,
    },
  );
}

function legacy(method: string, params: Fields = {}, headers: Headers = {}): DialectRequest {
  const body = { jsonrpc: '2.0', id: 'r1', method, params };
  return toRequest(body, { ...stream, 'mcp-protocol-version': '2025-11-25', ...headers });
}

const decode = (request: DialectRequest): Intent => (post ?? fail()).decode(request);

function fail(): never {
  throw new Error('There is no such route.');
}

/** Returns the status and the error of a request that is answered at once. */
function errorOf(request: DialectRequest): readonly unknown[] {
  const intent = decode(request);
  if (intent.type !== 'reply') return [intent.type];
  const { status = 200, body } = intent.reply;
  const { id, error } = Object(body);
  return [status, id, error?.code];
}

const ask = { name: 'ask', arguments: { message: 'hi' } };

describe('a request of the modern revision', () => {
  test('sends a message, and owns the turn', () => {
    const intent = decode(modern('tools/call', ask));
    expect(intent).toMatchObject({
      type: 'send',
      thread: { type: 'new' },
      message: { content: 'hi' },
      show: { as: 'stream', ownsTurn: true },
    });
  });

  test('goes on with a conversation by its name', () => {
    const intent = decode(modern('tools/call', { ...ask, arguments: { message: 'hi', thread: 'room' } }));
    expect(intent).toMatchObject({ thread: { type: 'named', name: 'room' } });
    // A model that has no thread may fill in an empty one.
    const empty = decode(modern('tools/call', { ...ask, arguments: { message: 'hi', thread: '' } }));
    const variant = '[1,"modern",null,null]';
    expect(empty).toMatchObject({ thread: { type: 'new' }, show: { variant } });
  });

  test('gets a whole body if it reads no streams, and a task if it takes one', () => {
    expect(decode(modern('tools/call', ask, { accept: 'application/json' }))).toMatchObject({
      show: { as: 'whole' },
    });
    const tasks = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
    const declared = { ...meta, 'io.modelcontextprotocol/clientCapabilities': tasks };
    expect(decode(modern('tools/call', { ...ask, _meta: declared }))).toMatchObject({ show: { as: 'now' } });
  });

  test.each([
    ['without its version', { _meta: {} }, {}, -32_602],
    ['without capabilities', { _meta: { 'io.modelcontextprotocol/protocolVersion': version } }, {}, -32_602],
    ['with another version in its header', {}, { 'mcp-protocol-version': '2025-11-25' }, -32_020],
    ['with another method in its header', {}, { 'mcp-method': 'tools/list' }, -32_020],
    ['with another name in its header', {}, { 'mcp-name': 'other' }, -32_020],
    ['with a name in its header that is not base64', {}, { 'mcp-name': '=?base64?%%?=' }, -32_020],
    [
      'of a revision that is not served',
      { _meta: { ...meta, 'io.modelcontextprotocol/protocolVersion': '1900-01-01' } },
      {},
      -32_022,
    ],
  ])('%s is refused with 400', (_, params, headers, code) => {
    expect(errorOf(modern('tools/call', { ...ask, ...params }, headers))).toEqual([400, 1, code]);
  });

  test('may have its name in base64', () => {
    const headers = { 'mcp-name': `=?base64?${btoa('ask')}?=` };
    expect(decode(modern('tools/call', ask, headers)).type).toBe('send');
  });

  test('of an unknown method is refused with 404, and of an unknown tool with an error', () => {
    expect(errorOf(modern('ping'))).toEqual([404, 1, -32_601]);
    expect(errorOf(modern('tools/call', { name: 'other' }))).toEqual([200, 1, -32_602]);
    expect(errorOf(modern('tasks/get', { taskId: 'nonsense' }))).toEqual([400, 1, -32_021]);
  });

  test('brings answers to approvals, in the state that it was given', () => {
    const state = 'aaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbb';
    const accept = { action: 'accept', content: { approve: true, reason: 'fine' } };
    const inputResponses = {
      one: accept,
      two: { action: 'accept', content: { approve: false, reason: 'no' } },
      three: { action: 'decline' },
      four: { action: 'accept', content: {} },
      five: 'nonsense',
    };
    const intent = decode(modern('tools/call', { ...ask, requestState: state, inputResponses }));
    expect(intent).toMatchObject({
      type: 'answer',
      thread: { type: 'session', session: 'aaaaaaaaaaaaaaaaaaaaaa' },
      decisions: [
        { approval: 'one', decision: true },
        { approval: 'two', decision: { approved: false, reason: 'no' } },
        { approval: 'three', decision: false },
      ],
    });
    // Without an answer, the state of things is shown again.
    expect(decode(modern('tools/call', { ...ask, requestState: state }))).toMatchObject({
      type: 'answer',
      of: { message: 'bbbbbbbbbbbbbbbb' },
      decisions: [],
    });
  });
});

describe('a client that begins with initialize', () => {
  const begin = (protocolVersion: string, capabilities: Fields): readonly [unknown, string] => {
    const intent = decode(
      toRequest({ jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion, capabilities } }),
    );
    const { body, headers } = intent.type === 'reply' ? intent.reply : {};
    return [Object(body).result?.protocolVersion, headers?.['mcp-session-id'] ?? ''];
  };

  test('gets its revision if it is served, and else the newest of its kind', () => {
    expect(begin('2025-06-18', {})[0]).toBe('2025-06-18');
    expect(begin('2024-11-05', {})[0]).toBe('2024-11-05');
    for (const other of ['2026-07-28', '1900-01-01']) expect(begin(other, {})[0]).toBe('2025-11-25');
  });

  test('has a session that says whether it can ask its user', () => {
    const elicits = (capabilities: Fields): unknown => {
      const [, session] = begin('2025-11-25', capabilities);
      const intent = decode(legacy('tools/call', ask, { 'mcp-session-id': session }));
      const { show } = intent.type === 'send' ? intent : { show: undefined };
      return show?.as === 'stream' && fromMcpVariant(show.variant)?.elicits;
    };
    expect(elicits({})).toBe(false);
    expect(elicits({ elicitation: {} })).toBe(true);
    expect(elicits({ elicitation: { form: {}, url: {} } })).toBe(true);
    expect(elicits({ elicitation: { url: {} } })).toBe(false);
  });

  test('cancels a request by its id, within its session', () => {
    const headers = { 'mcp-session-id': 'mine' };
    const sent = decode(legacy('tools/call', ask, headers));
    const run = sent.type === 'send' ? sent.message.run : undefined;
    const cancel = (requestId: unknown, more: Headers): Intent =>
      decode(toRequest({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }, more));
    expect(run).toBeDefined();
    expect(cancel('r1', headers)).toMatchObject({
      type: 'cancel',
      thread: { type: 'at-work', run },
      of: { run },
    });
    expect(cancel('r1', {})).toMatchObject({ type: 'reply', reply: { status: 202 } });
    expect(cancel({}, headers)).toMatchObject({ type: 'reply', reply: { status: 202 } });
    expect(sent).not.toHaveProperty('show.ownsTurn');
  });

  test('answers an approval with a response', () => {
    const respond = (more: Fields): Intent =>
      decode(toRequest({ jsonrpc: '2.0', id: 'session.a.1', ...more }));
    const yes = { action: 'accept', content: { approve: true } };
    expect(respond({ result: yes })).toMatchObject({
      type: 'answer',
      thread: { type: 'session', session: 'session' },
      decisions: [{ approval: 'a.1', decision: true }],
    });
    expect(respond({ error: { code: -1, message: 'No.' } })).toMatchObject({
      decisions: [{ approval: 'a.1', decision: false }],
    });
    // The name of an approval may be longer than an id of the client.
    const approval = 'a'.repeat(200);
    const long = { jsonrpc: '2.0', id: `session.${approval}`, result: yes };
    expect(decode(toRequest(long))).toMatchObject({ decisions: [{ approval, decision: true }] });
    expect(decode(toRequest({ jsonrpc: '2.0', id: 7, result: {} }))).toMatchObject({
      reply: { status: 202 },
    });
  });

  test('is told that a method is unknown with 200, and that a revision is with 400', () => {
    expect(errorOf(legacy('resources/list'))).toEqual([200, 'r1', -32_601]);
    expect(errorOf(legacy('tools/list', {}, { 'mcp-protocol-version': '1900-01-01' }))).toEqual([
      400,
      'r1',
      -32_022,
    ]);
    expect(errorOf(legacy('ping'))).toEqual([200, 'r1', undefined]);
  });
});

test.each([
  ['no JSON-RPC', { method: 'ping', id: 1 }],
  ['no method', { jsonrpc: '2.0', id: 1 }],
  ['an id that is null', { jsonrpc: '2.0', id: null, method: 'ping' }],
  ['an id that is no whole number', { jsonrpc: '2.0', id: 1.5, method: 'ping' }],
  ['an id that is too long', { jsonrpc: '2.0', id: 'x'.repeat(129), method: 'ping' }],
  ['params that are a list', { jsonrpc: '2.0', id: 1, method: 'ping', params: [] }],
])('a body with %s is refused with 400', (_, body) => {
  expect(errorOf(toRequest(body))[0]).toBe(400);
});

test('only a stream that was cut is read with GET', () => {
  const read = (id?: string): Intent | undefined =>
    get?.decode(toRequest({}, id === undefined ? {} : { 'last-event-id': id }));
  for (const id of [undefined, '', '5-abcdef']) expect(read(id)).toMatchObject({ reply: { status: 405 } });
  const place = {
    session: 'a'.repeat(22),
    turn: 'b'.repeat(16),
    frames: 3,
    variant: '[1,"legacy",null,null]',
  };
  expect(read(toMcpFrameId(place))).toMatchObject({
    type: 'read',
    thread: { type: 'session', session: place.session },
    of: { turn: place.turn },
    show: { as: 'stream', skip: 3, variant: place.variant },
  });
});

describe('a refusal', () => {
  const refuse = (
    code: 'malformed' | 'unauthorized' | 'too_many' | 'too_late' | 'not_found',
    request?: DialectRequest,
  ) => post?.refuse?.({ code, status: code === 'unauthorized' ? 401 : 429, message: 'So.' }, request);

  test('of a call is a result that the model reads, and one of the connection is an error', () => {
    expect(refuse('malformed', modern('tools/call', ask))).toMatchObject({
      status: 200,
      body: {
        id: 1,
        result: { isError: true, resultType: 'complete', content: [{ type: 'text', text: 'So.' }] },
      },
    });
    expect(refuse('malformed', legacy('tools/call', ask))?.body).toEqual({
      jsonrpc: '2.0',
      id: 'r1',
      result: { isError: true, content: [{ type: 'text', text: 'So.' }] },
    });
    expect(refuse('too_many', modern('tools/call', ask))).toEqual({
      headers: {},
      body: { jsonrpc: '2.0', id: 1, error: { code: -32_603, message: 'So.', data: { code: 'too_many' } } },
    });
  });

  test('of a body that could not be read has no id, and one without credentials says how to bring them', () => {
    const refusal = { code: 'malformed', status: 400, message: 'So.', unreadable: true } as const;
    expect(post?.refuse?.(refusal, undefined)?.body).toMatchObject({ error: { code: -32_700 } });
    // A batch is JSON, and no request.
    expect(refuse('malformed')?.body).toMatchObject({ error: { code: -32_600 } });
    expect(refuse('malformed')?.body).not.toHaveProperty('id');
    expect(refuse('unauthorized')).toMatchObject({ headers: { 'www-authenticate': 'Bearer' } });
  });

  test('of something that is over is none', () => {
    const response = toRequest({ jsonrpc: '2.0', id: 's.a', result: {} });
    expect(refuse('too_late', response)).toEqual({ status: 202 });
    const update = modern('tasks/update', { taskId: 'x' });
    expect(refuse('not_found', update)).toMatchObject({ status: 200, body: { error: { code: -32_602 } } });
  });
});
