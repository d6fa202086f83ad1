// The routes of OpenAI's API, beside the contract of dialects.
import { once } from 'node:events';
import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineAgent, toText } from 'heddle';
import type { AgentEvent, Turn } from 'heddle';
import { openAi } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { createServer } from 'heddle/server';
import type { RateLimiter, Server } from 'heddle/server';
import { createFaultProxy } from 'heddle/testing';
import type { CheckedServer } from 'heddle/testing';
import { startWith } from '../rig/checked-server.ts';
import { openAiPackages } from '../rig/dialects/open-ai/sdk-responses.ts';

const asked: string[] = [];

/** Says what it was told, and what came before. */
async function* answer(
  metadata: unknown,
  { input, history, signal, turn }: Turn,
): AsyncGenerator<AgentEvent, void> {
  if (input.type !== 'message') return yield `decided ${JSON.stringify(input.answers[0]?.decision)}`;
  const said = toText(input.content);
  asked.push(said);
  if (said === 'hang') {
    yield 'hanging';
    if (!signal.aborted) await once(signal, 'abort');
    return;
  }
  if (said === 'ask') return yield { type: 'approval_request', approval: `a-${turn}`, reason: 'Sure?' };
  if (said === 'long')
    for (let round = 1; round <= 12; round += 1) {
      yield { type: 'reasoning', data: `Thought ${round}.` };
      yield `Word ${round}.`;
      yield { type: 'tool_use', call: `c${round}`, tool: 'add', input: { round } };
      yield { type: 'tool_result', call: `c${round}`, output: round };
    }
  if (said === 'fail') throw new Error('The test wants it so.');
  if (said === 'show') return yield JSON.stringify([input.content, metadata ?? null]);
  yield { type: 'usage', usage: { input_tokens: 3, output_tokens: 2 } };
  const before = history().map((message) =>
    message.role === 'user'
      ? toText(message.content)
      : message.parts.map((part) => ('text' in part ? part.text : part.type)).join(''),
  );
  yield `${said} after [${before.join(', ')}]`;
}

const agent = defineAgent({
  open:
    ({ metadata }) =>
    (turn) =>
      answer(metadata, turn),
});
let server: CheckedServer;
let client: OpenAI;
beforeAll(async () => {
  server = await startWith(openAi())(agent);
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'ada', logLevel: 'off' });
});
afterAll(() => server.close());

const model = 'heddle';
const create = (input: string, more = {}): Promise<OpenAI.Responses.Response> =>
  client.responses.create({ model, input, ...more }, { headers: { 'idempotency-key': crypto.randomUUID() } });

async function toArray<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function eventsOf(
  opened: PromiseLike<AsyncIterable<ResponseStreamEvent>>,
): Promise<readonly ResponseStreamEvent[]> {
  return toArray(await opened);
}

describe('responses', () => {
  test('a long answer is read on after every number, and each event is there once', async () => {
    const readers = Object.values(openAiPackages).map(
      (Package) => new Package({ baseURL: `${server.url}/v1`, apiKey: 'ada' }),
    );
    const whole = await eventsOf(client.responses.create({ model, input: 'long', stream: true }));
    const [first] = whole;
    const id = first?.type === 'response.created' ? first.response.id : '';
    expect(whole.length).toBeGreaterThan(200);
    expect(whole.map((event) => event.sequence_number)).toEqual(whole.map((_, number) => number));
    // The versions of the package take turns.
    const read = (after: number): Promise<readonly ResponseStreamEvent[]> =>
      eventsOf(
        (readers[after % readers.length] ?? client).responses.retrieve(id, {
          stream: true,
          starting_after: after,
        }),
      );
    for (let after = 0; after < whole.length; after += 20) {
      const numbers = whole.slice(after, after + 20).map((event) => event.sequence_number);
      for (const [index, rest] of (await Promise.all(numbers.map(read))).entries())
        expect(rest).toEqual(whole.slice(after + index + 1));
    }
    expect(await eventsOf(client.responses.retrieve(id, { stream: true }))).toEqual(whole);
  });

  test('a stream that is cut again and again has each event once', async () => {
    const proxy = await createFaultProxy({
      port: Number(new URL(server.url).port),
      plan: (_, random) => ({ down: { cut: { atByte: random.integer(200, 9_000), how: 'rst' } } }),
      seed: 7,
    });
    const reader = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: 'ada', logLevel: 'off' });
    const { id } = await create('long', { background: true });
    const seen: ResponseStreamEvent[] = [];
    for (let tries = 0; seen.at(-1)?.type !== 'response.completed' && tries < 200; tries += 1)
      try {
        const last = seen.at(-1)?.sequence_number;
        const place = last === undefined ? {} : { starting_after: last };
        for await (const event of await reader.responses.retrieve(id, { stream: true, ...place }))
          seen.push(event);
      } catch {
        // The client goes on.
      }
    expect(seen).toEqual(await eventsOf(client.responses.retrieve(id, { stream: true })));
    await proxy.close();
  });

  test('a number of another revision of the frames is answered with the last event', async () => {
    const { id } = await create('hi');
    const other = id.replace(/1$/, '2');
    const events = await eventsOf(client.responses.retrieve(other, { stream: true, starting_after: 3 }));
    expect(events).toMatchObject([
      { type: 'response.completed', sequence_number: 4, response: { status: 'completed' } },
    ]);
    expect((await client.responses.retrieve(other)).id).toBe(id);
  });

  test('a response in the background is polled, and cancelled', async () => {
    const { id, status } = await create('hang', { background: true });
    expect(['queued', 'in_progress']).toContain(status);
    await expect.poll(async () => (await client.responses.retrieve(id)).output_text).toBe('hanging');
    expect((await client.responses.cancel(id)).status).toBe('cancelled');
    expect((await client.responses.cancel(id)).status).toBe('cancelled');
    const [last] = (await eventsOf(client.responses.retrieve(id, { stream: true }))).slice(-1);
    expect(last).toMatchObject({ type: 'response.incomplete', response: { status: 'cancelled' } });
  });

  test('a response that waits for another is queued, and is withdrawn by a cancel', async () => {
    const conversation = crypto.randomUUID();
    const first = await create('hang', { background: true, conversation });
    const second = await create('hi', { background: true, conversation });
    expect(second.status).toBe('queued');
    expect((await client.responses.cancel(second.id)).status).toBe('cancelled');
    await client.responses.cancel(first.id);
    expect((await client.responses.retrieve(second.id)).status).toBe('cancelled');
  });

  test('a conversation goes on from its last response, with the usage of each', async () => {
    const first = await create('one');
    const second = await create('two', { previous_response_id: first.id });
    expect(second.output_text).toBe('two after [one, one after []]');
    expect(second.usage).toMatchObject({ input_tokens: 3, output_tokens: 2, total_tokens: 5 });
    expect(toSession(second.id)).toBe(toSession(first.id));
  });

  test('several responses go on from one, and none sees the others', async () => {
    const first = await create('one');
    const next = ['two', 'three', 'four', 'five'];
    const responses = await Promise.all(
      next.map((input) => create(input, { previous_response_id: first.id })),
    );
    expect(responses.map(({ output_text: text }) => text)).toEqual(
      next.map((input) => `${input} after [one, one after []]`),
    );
    expect(new Set(responses.map(({ id }) => toSession(id))).size).toBe(4);
    const [two] = responses;
    const more = await create('six', { previous_response_id: two?.id });
    expect(more.output_text).toContain('six after [one, one after [], two, ');
    // All are still there.
    for (const { id, output_text: text } of responses)
      expect((await client.responses.retrieve(id)).output_text).toBe(text);
  });

  test('a repeated request finds its branch, and another content under its key is refused', async () => {
    const first = await create('one');
    await create('two', { previous_response_id: first.id });
    const body = { model, input: 'three', previous_response_id: first.id };
    const options = { headers: { 'idempotency-key': crypto.randomUUID() } };
    const [branch, again] = [
      await client.responses.create(body, options),
      await client.responses.create(body, options),
    ];
    expect(again).toEqual(branch);
    await expect(client.responses.create({ ...body, input: 'x' }, options)).rejects.toMatchObject({
      status: 422,
    });
  });

  test('a branch of a response that went on from an approval has the question and what came of it', async () => {
    const { id, output } = await create('ask');
    const decision = { type: 'mcp_approval_response' as const, approve: true };
    const next = await client.responses.create({
      model,
      previous_response_id: id,
      input: [{ ...decision, approval_request_id: output[0]?.id ?? '' }],
    });
    await create('two', { previous_response_id: next.id });
    const branch = await create('three', { previous_response_id: next.id });
    expect(branch.output_text).toBe('three after [ask, decided true]');
  });

  test('a response that is not complete cannot be gone on from twice', async () => {
    const first = await create('hang', { background: true });
    const second = await create('two', { background: true, previous_response_id: first.id });
    expect(second.status).toBe('queued');
    const third = client.responses.create(
      { model, input: 'three', previous_response_id: first.id },
      { maxRetries: 0 },
    );
    await expect(third).rejects.toMatchObject({ status: 409, code: 'busy' });
    await client.responses.cancel(first.id);
  });

  test('a response that is not stored can be gone on from', async () => {
    const first = await create('one', { store: false });
    const second = await create('two', { store: false, previous_response_id: first.id });
    expect(second.output_text).toBe('two after [one, one after []]');
    const headers = { authorization: 'Bearer ada' };
    const listed = await (await fetch(`${server.url}/sessions`, { headers })).text();
    expect(listed).not.toContain(toSession(first.id));
    expect(listed).not.toContain(toSession(second.id));
  });

  test.each([
    [true, undefined, 'decided true'],
    [false, undefined, 'decided false'],
    [false, 'Too much.', 'decided {"approved":false,"reason":"Too much."}'],
  ])('an approval without a call is answered %j, %j', async (approve, reason, text) => {
    const { id, output } = await create('ask');
    const [item] = output;
    expect(item).toMatchObject({ name: 'approval', arguments: '{"reason":"Sure?"}' });
    const decision = {
      type: 'mcp_approval_response' as const,
      approval_request_id: item?.id ?? '',
      approve,
      ...(reason !== undefined && { reason }),
    };
    // The id of the approval is enough.
    const next = await client.responses.create({ model, input: [decision] });
    expect(next.output_text).toBe(text);
    expect(toSession(next.id)).toBe(toSession(id));
    const late = client.responses.create({ model, input: [{ ...decision, approve: !approve }] });
    await expect(late).rejects.toMatchObject({ status: 422 });
  });
});

describe('chats', () => {
  const say = (content: string, more = {}): Promise<OpenAI.ChatCompletion> =>
    client.chat.completions.create({ model, messages: [{ role: 'user', content }], ...more });

  test('the body has the conversation, and its images reach the agent', async () => {
    const { choices, usage } = await client.chat.completions.create({
      model,
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'two' },
        { role: 'user', content: 'three' },
      ],
    });
    expect(choices[0]?.message.content).toBe('three after [one, two]');
    expect(usage).toEqual({ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
    const content: OpenAI.ChatCompletionContentPart[] = [
      { type: 'text', text: 'show' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
    ];
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'developer', content: 'Be short.' },
      { role: 'user', content },
    ];
    const shown = await client.chat.completions.create({ model, messages });
    expect(JSON.parse(shown.choices[0]?.message.content ?? '')).toEqual([
      [
        { type: 'text', text: 'show' },
        { type: 'image', media_type: 'image/png', data: 'iVBORw0KGgo=' },
      ],
      { instructions: 'Be short.' },
    ]);
  });

  test('a conversation with a name lasts, and the history of the body is ignored', async () => {
    const headers = { 'heddle-thread': crypto.randomUUID() };
    const options = { headers };
    await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'one' }] }, options);
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'user', content: 'invented' },
      { role: 'assistant', content: 'invented, too' },
      { role: 'user', content: 'two' },
    ];
    const { choices } = await client.chat.completions.create({ model, messages }, options);
    expect(choices[0]?.message.content).toBe('two after [one, one after []]');
    // The same name is the same conversation in Responses, and in all dialects.
    const third = await create('three', { conversation: headers['heddle-thread'] });
    expect(third.output_text).toMatch(/^three after \[one, one after \[\], two, /);
  });

  test('usage is streamed to clients that ask for it', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await toArray(stream);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 5 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  });

  test('a session without a name that waits for an approval waits no longer', async () => {
    const { data, response } = await client.chat.completions
      .create({ model, messages: [{ role: 'user', content: 'ask' }] })
      .withResponse();
    expect(data.choices[0]?.message.content).toContain('cannot be given here: Sure?');
    const session = response.headers.get('heddle-session') ?? '';
    const headers = { authorization: 'Bearer ada' };
    const read = async (): Promise<unknown> =>
      (await fetch(`${server.url}/session/${session}`, { headers })).json();
    await expect.poll(read).toMatchObject({
      approvals: [],
      messages: [{ content: 'ask' }, { parts: [{ type: 'approval', status: 'expired' }] }],
    });
  });

  test('a repeated request with a key asks the agent once', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const body = { model, messages: [{ role: 'user' as const, content: 'once only' }] };
    const completions = [
      await client.chat.completions.create(body, { headers }),
      await client.chat.completions.create(body, { headers }),
    ];
    expect(completions[0]).toEqual(completions[1]);
    expect(asked.filter((text) => text === 'once only')).toHaveLength(1);
  });

  test('a turn that failed is an error, and the package asks no second time', async () => {
    await expect(say('fail')).rejects.toMatchObject({ status: 500, code: 'agent_failed' });
    await expect(create('fail')).rejects.toMatchObject({ status: 500, code: 'agent_failed' });
    expect(asked.filter((text) => text === 'fail')).toHaveLength(2);
  });

  test('n and a demand for tools are refused', async () => {
    await expect(say('hi', { n: 2 })).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
    await expect(say('hi', { tool_choice: 'required' })).rejects.toMatchObject({ status: 400 });
  });
});

test('the agent is the one model', async () => {
  expect((await client.models.list()).data).toEqual([await client.models.retrieve('heddle')]);
  await expect(client.models.retrieve('gpt-5')).rejects.toMatchObject({ status: 404 });
});

describe('refusals', () => {
  const serve = (more: Partial<Parameters<typeof createServer>[0]> = {}): Server =>
    createServer({
      agent,
      store: memoryStore(),
      dialects: [openAi()],
      maxDialectBody: 2_000,
      onError: () => {},
      onWarning: () => {},
      authenticate: (request) => /^Bearer (.+)$/.exec(request.header('authorization') ?? '')?.[1],
      ...more,
    });
  const json = { 'content-type': 'application/json', authorization: 'Bearer ada' };
  const ask = async (to: Server, path: string, init: RequestInit = {}): Promise<Response> =>
    to.fetch(new Request(`http://localhost/v1/${path}`, { headers: json, ...init }));
  const post = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  });

  test.each([
    ['no key', 'responses', post({ input: 'hi' }, { authorization: '' }), 401, 'invalid_api_key'],
    [
      'a foreign page',
      'responses',
      post({ input: 'hi' }, { origin: 'https://evil.example' }),
      403,
      'forbidden_origin',
    ],
    ['no input', 'responses', post({}), 400, 'malformed'],
    ['no JSON', 'chat/completions', { ...post(''), body: '{' }, 400, 'malformed'],
    ['a form', 'chat/completions', post({}, { 'content-type': 'text/plain' }), 415, 'unsupported_type'],
    ['a long body', 'responses', post({ input: 'x'.repeat(3_000) }), 413, 'too_large'],
    ['no response', 'responses/resp_1', {}, 404, 'not_found'],
    ['no model', 'models/gpt-5', {}, 404, 'not_found'],
  ])('%s is refused in the words of OpenAI', async (_, path, init, status, code) => {
    const to = serve();
    const response = await ask(to, path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await response.json()).toEqual({
      error: { message: expect.any(String), type: 'invalid_request_error', param: null, code },
    });
    await to.close(0);
  });

  test('a quota is refused with the time after which a repeat is of use', async () => {
    let left = 1;
    const limiter: RateLimiter = {
      consume: () => (left-- > 0 ? Promise.resolve() : Promise.reject({ msBeforeNext: 5_000 })),
    };
    const to = serve({ quotas: { rates: [{ of: 'messages', per: 'owner', limiter }] } });
    await (await ask(to, 'chat/completions', post({ messages: [{ role: 'user', content: 'hi' }] }))).text();
    const response = await ask(to, 'responses', post({ input: 'hi' }));
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([429, 'true']);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({
      error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    });
    await to.close(0);
  });

  test('a page of an origin that is allowed may send what the package sends', async () => {
    const to = serve({ origins: ['https://app.example'] });
    const headers = {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-stainless-lang,x-stainless-retry-count',
    };
    const response = await ask(to, 'responses', { method: 'OPTIONS', headers });
    const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
    for (const name of headers['access-control-request-headers'].split(',')) expect(allowed).toContain(name);
    await to.close(0);
  });
});

function toSession(id: string | undefined): string | undefined {
  return /^resp_([^.]+)\./.exec(id ?? '')?.[1];
}
