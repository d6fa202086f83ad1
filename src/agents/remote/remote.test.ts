import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { remote } from './index.ts';
import { answerEvents, answerWith, runRemote, startUpstream, textOfEvents } from './upstream.fixture.ts';

test('a prompt goes in with the start line, and headers name the turn', async () => {
  const { url, requests } = await startUpstream(answerWith('text/plain', 'Hel', 'lo'));
  const { events, saved } = await runRemote(url, { content: 'Hi', headers: { 'X-Key': 'k' } });
  expect(textOfEvents(events)).toBe('Hello');
  expect(saved).toMatchObject({ version: 1, thread: 's.t1' });
  expect(requests).toMatchObject([
    {
      method: 'POST',
      path: '/agent',
      headers: {
        'content-type': 'application/json',
        'heddle-session': 's',
        'heddle-owner': 'ada',
        'heddle-turn': 't1',
        'heddle-attempt': '1',
        'idempotency-key': 't1.1',
        'x-key': 'k',
      },
      body: {
        type: 'start',
        version: 1,
        prompt: 'Hi',
        messages: [{ role: 'user', content: 'Hi' }],
        thread: 's.t1',
      },
    },
  ]);
});

test('with GET the prompt is in the query', async () => {
  const { url, requests } = await startUpstream(answerWith('text/plain', 'Hi'));
  await runRemote(`${url}?model=x`, { method: 'GET', content: 'A & B' });
  expect(requests).toMatchObject([{ method: 'GET', path: '/agent?model=x&prompt=A+%26+B', body: undefined }]);
});

test('a body may be made for an upstream of another shape, and headers for each request', async () => {
  const { url, requests } = await startUpstream(answerWith('text/plain', 'Hi'));
  let count = 0;
  const headers = async (): Promise<Record<string, string>> => ({ authorization: `Bearer ${++count}` });
  const body = ({ prompt }: { prompt: string }): unknown => ({ question: prompt });
  await runRemote(url, { headers, body });
  await runRemote(url, { headers, body });
  expect(requests).toMatchObject([
    { headers: { authorization: 'Bearer 1' }, body: { question: 'Hello' } },
    { headers: { authorization: 'Bearer 2' } },
  ]);
});

const completion = [
  { choices: [{ delta: { content: 'Hello' } }] },
  { choices: [{ delta: {}, finish_reason: 'stop' }] },
  '[DONE]',
];
const uiStream = [
  { type: 'start' },
  { type: 'text-delta', id: '0', delta: 'Hello' },
  { type: 'finish' },
  '[DONE]',
];
const a2aStream = [{ result: { message: { parts: [{ text: 'Hello' }] } } }];
const run = [
  { type: 'RUN_STARTED' },
  { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'Hello' },
  { type: 'RUN_FINISHED' },
];
const response = [
  { type: 'response.created' },
  { type: 'response.output_text.delta', delta: 'Hello' },
  { type: 'response.completed', response: {} },
];

test.each([
  ['auto', 'text', answerWith('text/plain; charset=utf-8', 'Hello')],
  ['auto', 'text without a type', answerWith(undefined, 'Hello')],
  [
    'auto',
    'named events',
    answerWith('text/event-stream', 'event: content\ndata: {"content":"Hello"}\n\nevent: end\ndata: {}\n\n'),
  ],
  ['auto', 'typed events', answerEvents({ type: 'content', data: 'Hello' }, { type: 'end' })],
  ['auto', 'typed events that just end', answerEvents({ type: 'content', data: 'Hello' })],
  ['auto', 'events without a type', answerWith(undefined, ': hi\n\ndata: "Hel', 'lo"\n\n')],
  [
    'auto',
    'lines',
    answerWith('application/x-ndjson', '"Hel"\n\n{"type":"content",', '"data":"lo"}\n{"type":"end"}\n'),
  ],
  ['auto', 'lines without a type', answerWith(undefined, '{"type":"content","data":"Hello"}\n')],
  [
    'auto',
    'one JSON value over lines',
    answerWith('application/json', '{\n  "type": "content",\n  "da', 'ta": "Hello"\n}'),
  ],
  ['auto', 'a sequence of JSON texts', answerWith('application/json-seq', '\u001e"Hel"\n\u001e"lo"\n')],
  ['auto', 'a JSON text', answerWith('application/json', '"Hello"')],
  ['auto', 'raw events of Strands', answerEvents({ init_event_loop: true }, { data: 'Hello' })],
  ['auto', 'AG-UI', answerEvents(...run)],
  ['auto', 'a completion', answerEvents(...completion)],
  ['auto', 'a response', answerEvents(...response)],
  ['auto', 'a UI message stream', answerEvents(...uiStream)],
  ['lines', 'lines', answerWith('application/jsonl', '"Hello"\n{"type":"end"}\n')],
  ['lines', 'lines as events', answerEvents({ type: 'content', data: 'Hello' }, { type: 'end' })],
  ['openai', 'a completion', answerEvents(...completion)],
  [
    'openai',
    'a whole completion',
    answerWith('application/json', '{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}'),
  ],
  ['responses', 'a response', answerEvents(...response)],
  ['agui', 'a run', answerEvents(...run)],
  ['a2a', 'a message', answerEvents(...a2aStream)],
  ['a2a', 'a message as JSON', answerWith('application/json', JSON.stringify(a2aStream[0]))],
  ['ai-sdk-ui', 'a UI message stream', answerEvents(...uiStream)],
] as const)('%s hears %s', async (format, _, answer) => {
  const { url } = await startUpstream(answer);
  const { events, error } = await runRemote(url, { format });
  expect(error).toBeUndefined();
  expect(textOfEvents(events)).toBe('Hello');
});

test('nothing is read after the end mark, and the connection is closed', async () => {
  const closed = Promise.withResolvers<void>();
  const { url } = await startUpstream((answer) => {
    answer.on('close', closed.resolve);
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.write('data: "Hello"\n\ndata: {"type":"end"}\n\ndata: " and more"\n\n');
  });
  expect(textOfEvents((await runRemote(url)).events)).toBe('Hello');
  await closed.promise;
});

test('an upstream may finish its work after the end of its answer', async () => {
  const saved = Promise.withResolvers<boolean>();
  const { url } = await startUpstream(async (answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.write('data: "Hello"\n\ndata: {"type":"end"}\n\n');
    // A server for Python cancels what it does when the connection closes.
    answer.once('close', () => saved.resolve(answer.writableFinished));
    await delay(100);
    answer.end();
  });
  expect(textOfEvents((await runRemote(url)).events)).toBe('Hello');
  expect(await saved.promise).toBe(true);
});

test('an approval has a name that was minted, and the answer goes back under the name of the agent', async () => {
  const { url, requests } = await startUpstream((answer, got, count) =>
    answerEvents(
      ...(count === 1
        ? [
            { type: 'tool_use', call: 'c1', tool: 'pay', input: { sum: 5 } },
            { type: 'approval_request', approval: 'theirs', call: 'c1', reason: 'Pay?' },
            { type: 'save', snapshot: { at: 'pay' } },
          ]
        : [{ type: 'tool_result', call: 'c1', output: 'paid' }]),
    )(answer, got, count),
  );
  const asking = await runRemote(url, { format: 'lines' });
  const request = asking.events.at(-1);
  if (typeof request === 'string' || request?.type !== 'approval_request') expect.fail('It did not ask.');
  expect(request.approval).toMatch(/^a_\w{16}$/);
  const answers = [{ approval: request.approval, reason: 'Pay?', decision: true }];
  const { events } = await runRemote(url, { format: 'lines', snapshot: asking.saved, answers });
  expect(requests[1]?.body).toMatchObject({
    thread: 's.t1',
    snapshot: { at: 'pay' },
    input: { type: 'answers', answers: [{ approval: 'theirs', decision: true }] },
  });
  expect(events).toEqual([
    { type: 'tool_use', call: 'c1', tool: 'pay', input: { sum: 5 } },
    { type: 'tool_result', call: 'c1', output: 'paid' },
  ]);
  const lost = await runRemote(url, { format: 'lines', answers });
  expect(lost.error).toMatchObject({ code: 'approval_lost' });
});

test('an answer that broke is tried again only if the upstream is idempotent', async () => {
  const answer = (...pieces: readonly string[]) =>
    startUpstream((response, _, count) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      if (count === 3) response.end('"Whole."\n{"type":"end"}\n');
      else response.write(pieces.join(''), () => response.socket?.destroy());
    });
  const once = await answer('"Half"\n');
  expect((await runRemote(once.url)).error).toMatchObject({ code: 'upstream_broken' });
  expect(once.requests).toHaveLength(1);

  const again = await answer('"Half"\n');
  const { events } = await runRemote(again.url, { idempotent: true });
  expect(events).toEqual([
    'Half',
    { type: 'discard', all: true },
    'Half',
    { type: 'discard', all: true },
    'Whole.',
  ]);

  const called = await answer('{"type":"tool_use","call":"c1","tool":"pay","input":{}}\n');
  const { error } = await runRemote(called.url, { idempotent: true });
  expect(error).toMatchObject({ code: 'upstream_broken' });
  expect(called.requests).toHaveLength(1);
});

test('an A2A server that knows only the older version is asked again in it', async () => {
  const { url, requests } = await startUpstream((answer, got, count) =>
    (count === 1
      ? answerWith('application/json', '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"?"}}')
      : answerEvents({ result: { kind: 'message', parts: [{ kind: 'text', text: 'Hello' }] } }))(
      answer,
      got,
      count,
    ),
  );
  const { events } = await runRemote(url, { format: 'a2a' });
  expect(textOfEvents(events)).toBe('Hello');
  expect(requests.map(({ body }) => (body as { method: string }).method)).toEqual([
    'SendStreamingMessage',
    'message/stream',
  ]);
});

test('a cancel of an A2A turn also cancels its task', async () => {
  const { url, requests } = await startUpstream((answer, { body }) => {
    if ((body as { method: string }).method === 'CancelTask') return answer.end('{}');
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    const update = { taskId: 'k1', artifact: { artifactId: 'a', parts: [{ text: 'Well' }] } };
    return answer.write(`data: ${JSON.stringify({ result: { artifactUpdate: update } })}\n\n`);
  });
  const stop = new AbortController();
  const { error } = await runRemote(url, { format: 'a2a', signal: stop.signal, onEvent: () => stop.abort() });
  expect(error).toBeUndefined();
  await vi.waitFor(() => expect(requests[1]?.body).toMatchObject({ params: { id: 'k1' } }));
});

test('a turn that is left closes its connection', async () => {
  const closed = Promise.withResolvers<void>();
  const { url } = await startUpstream((answer) => {
    answer.on('close', closed.resolve);
    answer.writeHead(200, { 'content-type': 'text/plain' }).write('Hi');
  });
  const turn = {
    turn: 't1',
    attempt: 1,
    input: { type: 'message', content: 'Hi' },
    signal: new AbortController().signal,
    history: () => [],
    save: () => {},
  } as const;
  for await (const _ of remote({ url }).open({ session: 's', owner: 'ada' })(turn)) break;
  await closed.promise;
});

test('an upstream is read no faster than its events are taken', async () => {
  let written = 0;
  const { url } = await startUpstream(async (answer) => {
    answer.writeHead(200, { 'content-type': 'text/plain' });
    while (!answer.destroyed && written < 200) {
      written += 1;
      if (!answer.write('x'.repeat(1024 * 1024)))
        await new Promise<void>((resolve) => answer.once('drain', resolve).once('close', resolve));
    }
    answer.end();
  });
  const stop = new AbortController();
  const agent = remote({ url });
  const turn = {
    turn: 't1',
    attempt: 1,
    input: { type: 'message', content: 'Hi' },
    signal: stop.signal,
    history: () => [],
    save: () => {},
  } as const;
  const events = agent.open({ session: 's', owner: 'ada' })(turn)[Symbol.asyncIterator]();
  await events.next();
  let before = -1;
  // Until the buffers of both sides are full.
  while (before !== written) {
    before = written;
    await delay(50);
  }
  expect(written).toBeLessThan(100);
  stop.abort();
  await events.return?.();
});

test('a turn may be begun again over there only if that is said, or if it is a model', () => {
  const url = 'http://127.0.0.1:1/';
  expect(remote({ url }).onCrash).toBe('fail');
  expect(remote({ url, idempotent: true }).onCrash).toBe('retry');
  expect(remote({ url, format: 'openai' }).onCrash).toBe('retry');
  expect(remote({ url, onCrash: 'retry', history: 4 })).toMatchObject({ onCrash: 'retry', history: 4 });
});

test.each([
  [{ url: 'agent.ts' }, 'The URL of an agent begins with http:, https: or unix:.'],
  [{ url: 'ftp://a/' }, 'The URL of an agent begins with http:, https: or unix:.'],
  [{ url: 'http://ada:secret@a/' }, 'The URL of an agent has no credentials; send them in a header.'],
  [{ url: 'http://a/', format: 'soap' as 'auto' }, /^format: soap is none\. The formats are auto, lines/],
  [{ url: 'http://a/', format: 'agui', method: 'GET' }, /^method: GET is for the format auto/],
  [{ url: 'http://a/', headersMs: Number.NaN }, /^headersMs/],
] as const)('remote(%j) is refused', (options, message) => {
  expect(() => remote(options)).toThrow(message);
});

test('an abort before the request sends nothing', async () => {
  const { url, requests } = await startUpstream(answerWith('text/plain', 'Hi'));
  const { events, error } = await runRemote(url, { signal: AbortSignal.abort() });
  expect([events, error, requests]).toEqual([[], undefined, []]);
});
