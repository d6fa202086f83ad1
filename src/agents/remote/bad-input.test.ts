import { once } from 'node:events';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import type { AddressInfo } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { httpFetch } from '../../node/http-fetch.ts';
import { createSession, eventsOf, send, setUp, settled } from '../../turns/engine.fixture.ts';
import { remote } from './remote.ts';
import type { RemoteOptions } from './remote.ts';
import { answerEvents, answerWith, startUpstream } from './upstream.fixture.ts';
import type { GotRequest } from './upstream.fixture.ts';
import type { ServerResponse } from 'node:http';

const secret = 'sk-very-secret';

const sentences = {
  upstream_unreachable: 'The agent could not be reached.',
  upstream_busy: 'The agent is busy. Please try again in a little while.',
  upstream_refused: 'The agent refused the request.',
  upstream_failed: 'The agent failed to answer.',
  upstream_broken: 'The answer of the agent broke off.',
  model_auth: 'This server has no credentials for the model, or they were refused.',
  model_throttled: 'The model is busy. Please try again in a little while.',
  model_failed: 'The model failed to answer.',
  context_overflow: 'The conversation has become too long for the model.',
} as const;

type Answer = (response: ServerResponse, request: GotRequest, count: number) => unknown;

const refuse =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(`no: ${secret}`);

/** Writes the start of a body, and then ends the connection in the middle. */
const breakOff =
  (type: string, start: string): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': type });
    response.write(start, () => response.socket?.destroy());
  };

/** Answers as HTTP/1.0: the body ends with its connection. */
const unframed =
  (type: string, body: string): Answer =>
  (response) =>
    response.socket?.end(`HTTP/1.0 200 OK\r\ncontent-type: ${type}\r\n\r\n${body}`);

const sse = 'text/event-stream';
const long = 'x'.repeat(1024 * 1024);

const table: readonly (readonly [string, keyof typeof sentences, Answer, Partial<RemoteOptions>?])[] = [
  ['is busy with 429', 'upstream_busy', refuse(429)],
  ['is busy with 503 and asks for a short wait', 'upstream_busy', refuse(503, { 'retry-after': '0' })],
  ['is busy for an hour', 'upstream_busy', refuse(503, { 'retry-after': '3600' })],
  ['refuses with 401', 'upstream_refused', refuse(401)],
  ['does not know the path', 'upstream_refused', refuse(404)],
  ['does not take a field', 'upstream_refused', refuse(422)],
  ['redirects', 'upstream_refused', refuse(302, { location: 'http://127.0.0.1:1/' })],
  ['redirects with 307', 'upstream_refused', refuse(307, { location: 'http://127.0.0.1:1/' })],
  ['fails with 500', 'upstream_failed', refuse(500)],
  ['sends HTML', 'upstream_failed', answerWith('text/html', `<p>${secret}</p>`)],
  ['sends an image', 'upstream_failed', answerWith('image/png', secret)],
  ['sends events that are no JSON', 'upstream_failed', answerEvents(secret)],
  ['sends lines that are no JSON', 'upstream_failed', answerWith('application/x-ndjson', `${secret}\n`)],
  ['sends frames of no known form', 'upstream_failed', answerEvents({ answer: secret })],
  ['sends an event with a wrong field', 'upstream_failed', answerEvents({ type: 'content', data: [secret] })],
  [
    'sends a name of 1,000 letters',
    'upstream_failed',
    answerEvents({ type: 'stop', reason: 'x'.repeat(1e3) }),
  ],
  ['sends an error without a code', 'upstream_failed', answerEvents({ type: 'error', message: secret })],
  ['sends an error as a frame of its own', 'upstream_failed', answerEvents({ error: secret })],
  [
    'sends a named error',
    'upstream_failed',
    answerWith(sse, `event: error\ndata: {"error":"${secret}"}\n\n`),
  ],
  ['sends 16 MB in a line', 'upstream_failed', answerWith('application/x-ndjson', ...Array(16).fill(long))],
  ['sends 17 MB in a frame', 'upstream_failed', answerWith(sse, 'data: ', ...Array(17).fill(long))],
  ['stops in mid-word', 'upstream_broken', breakOff('text/plain', 'Hel')],
  ['stops in mid-event', 'upstream_broken', breakOff(sse, 'data: "Hi"\n\ndata: "th')],
  ['stops between two lines', 'upstream_broken', breakOff('application/x-ndjson', '"Hi"\n')],
  ['ends its text with its connection', 'upstream_broken', unframed('text/plain', 'Hello')],
  ['ends its events with its connection', 'upstream_broken', unframed(sse, 'data: "Hello"\n\n')],
  [
    'does not end its AG-UI run',
    'upstream_broken',
    answerEvents({ type: 'RUN_STARTED' }),
    { format: 'agui' },
  ],
  ['does not end its completion', 'upstream_broken', answerEvents({ choices: [] }), { format: 'openai' }],
  ['does not end its response', 'upstream_broken', answerEvents({ type: 'response.created' })],
  ['does not end its task', 'upstream_broken', answerEvents({ result: { task: {} } }), { format: 'a2a' }],
  ['does not end its UI stream', 'upstream_broken', answerEvents({ type: 'start' }), { format: 'ai-sdk-ui' }],
  ['ends its run with an error', 'upstream_failed', answerEvents({ type: 'RUN_ERROR', message: secret })],
  [
    'fails its task',
    'upstream_failed',
    answerEvents({ error: { code: 1, message: secret } }),
    { format: 'a2a' },
  ],
  ['knows no A2A', 'upstream_refused', answerEvents({ error: { code: -32_601 } }), { format: 'a2a' }],
  [
    'sends an error of its UI',
    'upstream_failed',
    answerEvents({ type: 'start' }, { type: 'error', errorText: secret }),
  ],
  ['is a model that refuses the key', 'model_auth', refuse(401), { format: 'openai' }],
  ['is a model that is busy', 'model_throttled', refuse(429), { format: 'responses' }],
  ['is a model that fails', 'model_failed', refuse(500), { format: 'openai' }],
  [
    'is a model that fails in the stream',
    'model_failed',
    answerEvents({ error: { message: secret } }),
    { format: 'openai' },
  ],
  [
    'is a model with a conversation too long',
    'context_overflow',
    (response) => response.writeHead(400).end('{"error":{"code":"context_length_exceeded"}}'),
    { format: 'openai' },
  ],
];

/** Runs a turn under the engine. Returns its log and what `onError` got, as texts. */
async function runUnderEngine(options: RemoteOptions) {
  const told: unknown[] = [];
  const agent = remote({
    retryMs: 1,
    headers: { authorization: `Bearer ${secret}`, 'x-key': secret },
    ...options,
  });
  const { store, engine } = setUp(agent, { onError: (error) => void told.push(error) });
  const session = await createSession(engine);
  await send(engine, session, 'Hello');
  const events = await settled(store, session, 1);
  return { end: events.at(-1), events: JSON.stringify(await eventsOf(store, session)), told, engine };
}

describe.each([
  ['the global fetch', fetch],
  ['httpFetch', httpFetch],
])('over %s', (_, send) => {
  test.each(table.map(([name, code, answer, options = {}]) => ({ name, code, answer, options })))(
    'an upstream that $name: the turn ends with $code',
    async ({ code, answer, options }) => {
      const { url } = await startUpstream(answer);
      const { end, events, told } = await runUnderEngine({ url, fetch: send, ...options });
      expect(end).toMatchObject({
        type: 'message_end',
        outcome: 'failed',
        error: { code, message: sentences[code] },
      });
      expect(events).not.toContain(secret);
      expect(told).toHaveLength(1);
    },
  );
});

test('an upstream that is not there is tried three times, and is unreachable', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const fetched = vi.fn(fetch);
  const { end } = await runUnderEngine({ url: `http://127.0.0.1:${port}/`, fetch: fetched });
  expect(end).toMatchObject({
    error: { code: 'upstream_unreachable', message: sentences.upstream_unreachable },
  });
  expect(fetched).toHaveBeenCalledTimes(3);
});

test('an upstream that sends no headers is unreachable, and is not tried again', async () => {
  const { url, requests } = await startUpstream(() => {});
  const { end } = await runUnderEngine({ url, headersMs: 50 });
  expect(end).toMatchObject({ error: { code: 'upstream_unreachable' } });
  expect(requests).toHaveLength(1);
});

test('an upstream that is not HTTP is unreachable', async () => {
  const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { end } = await runUnderEngine({ url: `http://127.0.0.1:${port}/` });
  server.close();
  expect(end).toMatchObject({ error: { code: 'upstream_unreachable' } });
});

test('an upstream that is busy once is tried again, after the time that it asks for', async () => {
  const { url, requests } = await startUpstream((response, _, count) =>
    count === 1
      ? response.writeHead(503, { 'retry-after': '0' }).end()
      : answerWith('text/plain', 'Hi')(response, _, 2),
  );
  const { end } = await runUnderEngine({ url });
  expect(end).toMatchObject({ outcome: 'completed' });
  expect(requests).toHaveLength(2);
});

test('what an upstream says about its failure goes to onError, without the credentials it was sent', async () => {
  const { url } = await startUpstream((response) =>
    response.writeHead(500).end(`Traceback: bad token Bearer ${secret} in line 7`),
  );
  const { told } = await runUnderEngine({ url });
  const { cause } = told[0] as Error;
  expect(String(cause)).toContain('Traceback: bad token *** in line 7');
  expect(String(cause)).not.toContain(secret);
});

test.each([
  [{ error: `bad token Bearer ${secret}` }],
  [{ type: 'error', code: 'bad_key', message: `The key ${secret} is bad.`, detail: { headers: [secret] } }],
  [{ type: 'error', code: 'bad_key', message: 'Bad key.', detail: secret }],
])('nor does an error in its stream show them: %j', async (error) => {
  const { url } = await startUpstream(answerEvents({ type: 'content', data: 'Well, ' }, error));
  const { told, events } = await runUnderEngine({ url });
  expect(inspect(told, { depth: 9 })).not.toContain(secret);
  expect(events).not.toContain(secret);
});

test('a redirect is not followed', async () => {
  const target = await startUpstream(answerWith('text/plain', 'Here'));
  const { url } = await startUpstream((response) => response.writeHead(307, { location: target.url }).end());
  await runUnderEngine({ url });
  expect(target.requests).toEqual([]);
});

test('an upstream that never ends is stopped by a cancel, and its connection is closed', async () => {
  const gone = Promise.withResolvers<void>();
  const { url } = await startUpstream((response) => {
    response.on('close', () => gone.resolve());
    response.writeHead(200, { 'content-type': 'text/plain' });
    const timer = setInterval(() => response.write('more '), 5);
    response.on('close', () => clearInterval(timer));
  });
  const { store, engine } = setUp(remote({ url }));
  const session = await createSession(engine);
  await send(engine, session, 'Hello');
  await vi.waitFor(async () => expect(JSON.stringify(await eventsOf(store, session))).toContain('more'));
  await engine.submit(session, { type: 'cancel', at: Date.now() }, { owner: 'ada' });
  const events = await settled(store, session, 1);
  expect(events.at(-1)).toMatchObject({ outcome: 'cancelled' });
  await gone.promise;
});

test('an upstream that is silent is given up by the limit of the engine, and its connection is closed', async () => {
  const gone = Promise.withResolvers<void>();
  const { url } = await startUpstream((response) => {
    response.on('close', () => gone.resolve());
    response.writeHead(200, { 'content-type': 'text/plain' }).write('Well, ');
  });
  const { store, engine } = setUp(remote({ url }), { limits: { silenceMs: 50 } });
  const session = await createSession(engine);
  await send(engine, session, 'Hello');
  const events = await settled(store, session, 1);
  expect(events.at(-1)).toMatchObject({ outcome: 'failed', error: { code: 'silent' } });
  await gone.promise;
});
