import { expect, test } from 'vitest';
import { createHostBridge } from './bridge.ts';
import type { HostBridge } from './bridge.ts';
import type { RpcMessage } from './message.ts';

interface Run extends HostBridge {
  readonly written: readonly RpcMessage[];
  readonly warned: readonly string[];
  readonly asked: readonly { readonly method: string; readonly headers: Headers; readonly body: string }[];
}

function runWith(...answers: readonly ((request: Request) => Response | Promise<Response>)[]): Run {
  const written: RpcMessage[] = [];
  const warned: string[] = [];
  const asked: { method: string; headers: Headers; body: string }[] = [];
  const left = [...answers];
  const bridge = createHostBridge({
    url: 'http://server/mcp',
    headers: { authorization: 'Bearer key' },
    waitMs: 0,
    write: (message) => written.push(message),
    warn: (sentence) => warned.push(sentence),
    fetch: async (request) => {
      asked.push({ method: request.method, headers: request.headers, body: await request.clone().text() });
      const answer = left.shift();
      if (answer === undefined) throw new Error('No server.');
      return answer(request);
    },
  });
  return { ...bridge, written, warned, asked };
}

const whole =
  (body: unknown, headers: HeadersInit = {}, status = 200) =>
  () =>
    Response.json(body, { headers, status });

/** Answers with a stream. It breaks, or ends early, after its text. */
function stream(text: string, how: 'end' | 'break' = 'end'): () => Response {
  return () => {
    const chunks = [new TextEncoder().encode(text)];
    const body = new ReadableStream(
      {
        pull(controller) {
          const chunk = chunks.shift();
          if (chunk !== undefined) controller.enqueue(chunk);
          else if (how === 'end') controller.close();
          else controller.error(new Error('Cut.'));
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
}

const line = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });
const result = { jsonrpc: '2.0', id: 1, result: {} };

test('what initialize agreed on goes with each later message', async () => {
  const agreed = { ...result, result: { protocolVersion: '2025-06-18' } };
  const run = runWith(
    whole(agreed, { 'mcp-session-id': 's.form' }),
    () => new Response(null, { status: 202 }),
  );
  run.receive(line({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18' } }));
  await run.settled();
  run.receive(line({ method: 'notifications/initialized' }));
  await run.settled();
  expect(run.written).toEqual([agreed]);
  const [first, second] = run.asked;
  expect(first?.headers.get('mcp-session-id')).toBeNull();
  expect(second?.headers.get('mcp-session-id')).toBe('s.form');
  expect(second?.headers.get('mcp-protocol-version')).toBe('2025-06-18');
  expect(second?.headers.get('authorization')).toBe('Bearer key');
});

test('a request of the modern revision has its headers, also of a name that no header can carry', async () => {
  const run = runWith(whole(result), whole({ ...result, id: 2 }));
  const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  run.receive(line({ id: 1, method: 'tools/call', params: { name: 'ask', _meta: meta } }));
  run.receive(line({ id: 2, method: 'tools/call', params: { name: 'größer', _meta: meta } }));
  await run.settled();
  const named = (at: number): unknown[] =>
    ['mcp-protocol-version', 'mcp-method', 'mcp-name'].map((name) => run.asked[at]?.headers.get(name));
  expect(named(0)).toEqual(['2026-07-28', 'tools/call', 'ask']);
  expect(named(1)[2]).toBe(`=?base64?${Buffer.from('größer').toString('base64')}?=`);
});

test.each(['end', 'break'] as const)(
  'an answer that stops early (%s) is read on after its last event',
  async (how) => {
    const progress = { jsonrpc: '2.0', method: 'notifications/progress', params: {} };
    const run = runWith(
      stream('id: a.1\ndata:\n\n', how),
      stream(`id: a.2\ndata: ${JSON.stringify(progress)}\n\ndata: {"half`, how),
      stream(`: comment\n\nid: a.3\ndata: ${JSON.stringify(result)}\n\n`, how),
    );
    run.receive(line({ id: 1, method: 'tools/call' }));
    await run.settled();
    expect(run.written).toEqual([progress, result]);
    expect(run.asked.map(({ method, headers }) => [method, headers.get('last-event-id')])).toEqual([
      ['POST', null],
      ['GET', 'a.1'],
      ['GET', 'a.2'],
    ]);
  },
);

test('a request that no server answers gets an error, and a notification none', async () => {
  const run = runWith(
    stream('data: {"jsonrpc":"2.0","method":"notifications/progress"}\n\n', 'break'),
    whole({ code: 'not_found' }, {}, 404),
    () => new Response('<html>', { status: 502 }),
    whole({ detail: 'no' }, {}, 401),
    () => new Response('<html>', { status: 502 }),
  );
  for (const id of [1, 2, 3, 4]) run.receive(line({ id, method: 'tools/list' }));
  run.receive(line({ method: 'notifications/initialized' }));
  run.receive(line({ id: 5, method: 'tools/list' }));
  await run.settled();
  const errors = run.written.filter(({ error }) => error !== undefined);
  expect(errors.map(({ id, error }) => [id, Object(error).message]).toSorted()).toEqual([
    [1, 'The connection to http://server/mcp broke before the answer was whole.'],
    [2, 'http://server/mcp does not serve MCP: its dialects have no mcp.'],
    [3, 'http://server/mcp answers 502.'],
    [4, 'http://server/mcp requires auth; set HEDDLE_TOKEN to a key or a token.'],
    [5, 'There is no server on http://server/mcp.'],
  ]);
  expect(run.warned).toHaveLength(6);
});

test('an error without an id is that of its request', async () => {
  const error = { code: -32_603, message: 'No.' };
  const run = runWith(whole({ jsonrpc: '2.0', error }, {}, 503));
  run.receive(line({ id: 'x', method: 'tools/list' }));
  await run.settled();
  expect(run.written).toEqual([{ jsonrpc: '2.0', id: 'x', error }]);
});

test('a request that the host cancels is given up, and nothing more is written for it', async () => {
  const gone = Promise.withResolvers<void>();
  const run = runWith(
    (request) =>
      new Promise((_, reject) => {
        const onAbort = (): void => {
          gone.resolve();
          reject(new Error('Aborted.'));
        };
        if (request.signal.aborted) onAbort();
        request.signal.addEventListener('abort', onAbort);
      }),
  );
  run.receive(line({ id: 1, method: 'tools/call' }));
  run.receive(line({ method: 'notifications/cancelled', params: { requestId: 1 } }));
  await gone.promise;
  await run.settled();
  expect(run.written).toEqual([]);
  // In the modern revision there is no such message.
  expect(run.asked).toHaveLength(1);
});

test('a cancel of an earlier revision comes after the request that it cancels', async () => {
  const begin = Promise.withResolvers<void>();
  const initialized = (name: string) =>
    whole({ ...result, result: { protocolVersion: '2025-11-25' } }, { 'mcp-session-id': name });
  const run = runWith(
    initialized('first'),
    async (request) => {
      await begin.promise;
      request.signal.throwIfAborted();
      return Response.json({ ...result, id: 2 });
    },
    initialized('second'),
    () => new Response(null, { status: 202 }),
  );
  run.receive(line({ id: 1, method: 'initialize', params: {} }));
  await run.settled();
  run.receive(line({ id: 2, method: 'tools/call' }));
  run.receive(line({ id: 3, method: 'initialize', params: {} }));
  await expect.poll(() => run.written.length).toBe(2);
  run.receive(line({ method: 'notifications/cancelled', params: { requestId: 2 } }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(run.asked).toHaveLength(3);
  begin.resolve();
  await run.settled();
  expect(run.asked.map(({ body }) => Object(JSON.parse(body)).method)).toEqual([
    'initialize',
    'tools/call',
    'initialize',
    'notifications/cancelled',
  ]);
  // The turn has the name of the session in which it was asked for.
  expect(run.asked.at(-1)?.headers.get('mcp-session-id')).toBe('first');
  // The host has given up.
  expect(run.written).toHaveLength(2);
});

test("the host's answer to a question of the server is not answered, even if it is refused", async () => {
  const error = { code: -32_602, message: 'No.' };
  const run = runWith(whole({ jsonrpc: '2.0', error }, {}, 413), whole({ jsonrpc: '2.0', error }, {}, 400));
  run.receive(line({ id: 's.approval', result: { action: 'accept' } }));
  run.receive(line({ id: null, error }));
  await run.settled();
  expect(run.written).toEqual([]);
});

test('a line that is no message gets an error', () => {
  const run = runWith();
  for (const text of ['nonsense', '[]', '7']) run.receive(text);
  expect(run.written.map(({ error }) => Object(error).code)).toEqual([-32_700, -32_600, -32_600]);
});
