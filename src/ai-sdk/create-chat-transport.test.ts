import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { FetchInit, FetchResponse } from '../client/index.ts';
import type { ChatTransportOptions } from './chat-transport.ts';
import { createChatTransport } from './create-chat-transport.ts';

interface Asked {
  readonly url: string;
  readonly init: FetchInit;
}

const asked: Asked[] = [];
afterEach(() => void asked.splice(0));

const streamHeaders = { 'content-type': 'text/event-stream' };
const start = 'id: 1-aaaaaa\ndata: {"type":"start","messageId":"a_m1"}\n\n';
const word = 'id: 2-aaaaaa\ndata: {"type":"text-delta","id":"p","delta":"Hi"}\n\n';
const end = 'id: 3-aaaaaa~0\ndata: {"type":"finish"}\n\nid: 3-aaaaaa\ndata: [DONE]\n\n';

/** A body that ends after its text, or stays open until it is aborted. */
function toStream(text: string, { signal }: FetchInit, isOpen = false): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      if (isOpen) signal.addEventListener('abort', () => controller.error(signal.reason));
      else controller.close();
    },
  });
  return new Response(body, { headers: streamHeaders });
}

function createTransport(
  answers: readonly ((init: FetchInit) => FetchResponse)[],
  options: ChatTransportOptions = {},
) {
  let next = 0;
  return createChatTransport({
    api: 'http://chat.example/ai',
    timing: { sleep: async () => {} },
    fetch: async (url, init) => {
      asked.push({ url, init });
      if (url.endsWith('/stop')) return Response.json({});
      const answer = answers[next++];
      if (answer === undefined) throw new TypeError('There is no further answer.');
      return answer(init);
    },
    ...options,
  });
}

const question = { id: 'u1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] };
const submission = { trigger: 'submit-message', chatId: 'a chat', messages: [question] } as const;
const whole = (init: FetchInit): Response => toStream(start + word + end, init);
const open = (init: FetchInit): Response => toStream(start + word, init, true);

async function readAll(stream: ReadableStream<unknown> | null): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const chunk of stream ?? []) types.push(String(Object(chunk).type));
  return types;
}
const stops = (): readonly unknown[] =>
  asked.filter(({ url }) => url.endsWith('/stop')).map(({ url, init }) => [url, JSON.parse(init.body ?? '')]);
const types = ['start', 'text-delta', 'finish'];

test('sends the message with a key, and reads to the end', async () => {
  const transport = createTransport([whole], { version: 7, headers: { authorization: 'Bearer a' } });
  const stream = await transport.sendMessages({
    ...submission,
    headers: { 'x-more': '1' },
    body: { model: 'm' },
  });
  expect(await readAll(stream)).toEqual(types);
  const [{ url, init } = {} as Asked] = asked;
  expect([url, init.method]).toEqual(['http://chat.example/ai', 'POST']);
  expect(init.headers).toMatchObject({
    authorization: 'Bearer a',
    'x-more': '1',
    'heddle-ai-sdk': '7',
    'idempotency-key': expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(JSON.parse(init.body ?? '')).toEqual({
    id: 'a chat',
    messages: [question],
    trigger: 'submit-message',
    model: 'm',
  });
});

test('goes on after a cut with the same request and the last id', async () => {
  const transport = createTransport([
    (init) => toStream(start, init),
    () => new Response('Bad gateway', { status: 502 }),
    (init) => toStream(word + end, init),
  ]);
  expect(await readAll(await transport.sendMessages(submission))).toEqual(types);
  const keys = asked.map(({ init }) => init.headers['idempotency-key']);
  expect(new Set(keys).size).toBe(1);
  expect(asked.map(({ init }) => init.headers['last-event-id'])).toEqual([undefined, '1-aaaaaa', '1-aaaaaa']);
});

test('a resume goes on after a cut by the name of its stream', async () => {
  const named = (response: Response): Response => {
    response.headers.set('x-workflow-run-id', 'a%20chat~t1~6.1');
    return response;
  };
  const transport = createTransport([
    (init) => named(toStream(start, init)),
    (init) => toStream(word + end, init),
  ]);
  expect(await readAll(await transport.reconnectToStream({ chatId: 'a chat' }))).toEqual(types);
  expect(asked.map(({ url }) => url.replace(/nonce=.*/, 'nonce'))).toEqual([
    'http://chat.example/ai/a%20chat/stream?cursor=id&nonce',
    'http://chat.example/ai/a%2520chat~t1~6.1/stream?after=1-aaaaaa&nonce',
  ]);
});

test('a resume of a chat without an open answer is null', async () => {
  const transport = createTransport([() => new Response(null, { status: 204 })]);
  expect(await transport.reconnectToStream({ chatId: 'a chat' })).toBeNull();
});

test('a refusal is an error with the words of the server, and is not repeated', async () => {
  const refuse = (): Response =>
    new Response('Nothing is new.', {
      status: 400,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  await expect(createTransport([refuse]).sendMessages(submission)).rejects.toThrow('Nothing is new.');
  expect(asked).toHaveLength(1);
});

test('sends only what is new and what was seen, or the whole conversation', async () => {
  const messages = [
    { id: 'u0', role: 'user' },
    { id: 'a_m0', role: 'assistant' },
    { id: 'u1', role: 'user' },
    { id: 'a_m1', role: 'assistant' },
    question,
  ];
  const sentBy = async (options: ChatTransportOptions, messageId?: string): Promise<unknown> => {
    asked.splice(0);
    const transport = createTransport([whole], options);
    await transport.sendMessages({ ...submission, messages, messageId });
    const body: unknown = JSON.parse(asked[0]?.init.body ?? '');
    return Object(body).messages.map(({ id }: { readonly id: string }) => id);
  };
  expect(await sentBy({})).toEqual(['a_m1', 'u1']);
  expect(await sentBy({}, 'a_m0')).toEqual(['a_m0', 'u1', 'a_m1', 'u1']);
  expect(await sentBy({ history: true })).toEqual(['u0', 'a_m0', 'u1', 'a_m1', 'u1']);
});

test.each([
  ['cancel', [['http://chat.example/ai/a%20chat/stop', { message: 'u1' }]]],
  ['leave', []],
] as const)('an abort means %s', async (onAbort, expected) => {
  const transport = createTransport([open], { onAbort });
  const controller = new AbortController();
  const stream = await transport.sendMessages({ ...submission, abortSignal: controller.signal });
  controller.abort();
  expect(await readAll(stream)).not.toContain('finish');
  await delay(5);
  expect(stops()).toEqual(expected);
});

test('a stop has the headers of the request that it stops', async () => {
  const controller = new AbortController();
  const transport = createTransport([open], { headers: { 'x-one': '1' } });
  const headers = { authorization: 'Bearer ada' };
  await transport.sendMessages({ ...submission, headers, abortSignal: controller.signal });
  controller.abort();
  await delay(10);
  expect(asked.at(-1)?.url).toMatch(/\/stop$/);
  expect(new Headers(asked.at(-1)?.init.headers).get('authorization')).toBe('Bearer ada');
  expect(new Headers(asked.at(-1)?.init.headers).get('x-one')).toBe('1');
});

test('an abort after the end stops nothing', async () => {
  const controller = new AbortController();
  const { signal: abortSignal } = controller;
  await readAll(await createTransport([whole]).sendMessages({ ...submission, abortSignal }));
  controller.abort();
  await delay(5);
  expect(stops()).toEqual([]);
});

test('a resume stops its answer when it is aborted, and not when another resume replaces it', async () => {
  const transport = createTransport([open, open]);
  const [first, second] = [new AbortController(), new AbortController()];
  await transport.reconnectToStream({ chatId: 'a chat', abortSignal: first.signal });
  first.abort();
  await transport.reconnectToStream({ chatId: 'a chat', abortSignal: second.signal });
  await delay(5);
  expect(stops()).toEqual([]);
  second.abort();
  await delay(5);
  expect(stops()).toEqual([['http://chat.example/ai/a%20chat/stop', { message: 'a_m1' }]]);
});

test('a stream that is cancelled by the SDK, as after an error, stops nothing', async () => {
  const stream = await createTransport([open]).sendMessages(submission);
  await stream.cancel();
  await delay(5);
  expect(stops()).toEqual([]);
  expect(asked[0]?.init.signal.aborted).toBe(true);
});

test('an abort before the first chunk rejects as the SDK expects', async () => {
  const controller = new AbortController();
  const { signal: abortSignal } = controller;
  const sent = createTransport([(init) => toStream('', init, true)]).sendMessages({
    ...submission,
    abortSignal,
  });
  await delay(5);
  controller.abort();
  await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
});

test.each(['/ai/', '/ai?tenant=1', 'http://chat.example/ai#x'])('the path %s is not taken', (api) => {
  expect(() => createTransport([], { api })).toThrow(TypeError);
});
