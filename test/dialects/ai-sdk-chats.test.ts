// Clients of the AI SDK beside the contract of dialects, over real sockets.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { UIMessage } from 'ai';
import { aiSdk } from 'heddle/dialects';
import type { AgentEvent, Turn } from 'heddle';
import { defineAgent, toText } from 'heddle';
import { startWith } from '../rig/checked-server.ts';
import { createFaultProxy } from 'heddle/testing';
import {
  aiSdkOracles,
  aiVersions,
  createDefaultTransport,
  createPlainChat,
  goesOn,
} from '../rig/dialects/ai-sdk-clients.ts';

const asked: string[] = [];
afterEach(() => void asked.splice(0));

/** Says how many messages came before, and how often it was asked. */
async function* answer({ input, turn, history, signal }: Turn): AsyncGenerator<AgentEvent> {
  asked.push(input.type === 'message' ? toText(input.content) : 'answers');
  if (input.type === 'message' && input.content === 'ask') {
    yield { type: 'approval_request', approval: `one-${turn}`, reason: 'Sure?' };
    yield { type: 'tool_use', call: 'c1', tool: 'pay', input: {} };
    yield { type: 'approval_request', approval: `two-${turn}`, call: 'c1', reason: 'Pay?' };
    return;
  }
  if (input.type === 'message' && input.content === 'hang') {
    yield 'hanging';
    if (!signal.aborted) await once(signal, 'abort');
    return;
  }
  const { length } = history();
  yield `${length} before, asked ${asked.length} times`;
}

async function open(version: (typeof aiVersions)[number], messages: UIMessage[] = []) {
  const server = await startWith(aiSdk())(defineAgent({ open: () => answer }));
  const headers = { authorization: 'Bearer ada', 'heddle-ai-sdk': String(version) };
  const transport = createDefaultTransport(version, server.url, headers);
  const chat = createPlainChat(version, { id: 'room', messages, transport });
  const load = async (): Promise<readonly UIMessage[]> =>
    (await (await fetch(`${server.url}/ai/room`, { headers })).json()) as UIMessage[];
  return { server, transport, chat, load };
}
const textsOf = (messages: readonly UIMessage[]): readonly string[] =>
  messages.map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));

describe.each(aiVersions)('ai %i', (version) => {
  test('regenerates an answer', async () => {
    const { server, chat, load } = await open(version);
    await chat.sendMessage({ text: 'one' });
    await chat.sendMessage({ text: 'two' });
    await chat.regenerate();
    const texts = ['one', '0 before, asked 1 times', 'two', '2 before, asked 3 times'];
    expect(textsOf(chat.messages)).toEqual(texts);
    expect(textsOf(await load())).toEqual(texts);
    expect((await load()).map(({ id }) => id)).toEqual(chat.messages.map(({ id }) => id));
    await server.close();
  });

  test('a regeneration takes the place of an open answer', async () => {
    const { server, chat, load } = await open(version);
    const sent = chat.sendMessage({ text: 'hang' });
    await expect.poll(() => textsOf(chat.messages)).toEqual(['hang', 'hanging']);
    // A disconnect, and no stop.
    await chat.stop();
    await sent;
    const again = chat.regenerate();
    await expect.poll(() => asked).toEqual(['hang', 'hang']);
    expect(textsOf(await load())).toEqual(['hang', 'hanging']);
    await chat.stop();
    await again;
    await server.close();
  });

  test('sends a message again that had not arrived', async () => {
    const { server, transport, chat, load } = await open(version);
    await chat.sendMessage({ text: 'one' });
    const { sendMessages } = transport;
    transport.sendMessages = () => Promise.reject(new TypeError('fetch failed'));
    await chat.sendMessage({ text: 'two' });
    expect(chat.status).toBe('error');
    transport.sendMessages = sendMessages;
    await chat.regenerate();
    expect(textsOf(await load())).toEqual([
      'one',
      '0 before, asked 1 times',
      'two',
      '2 before, asked 2 times',
    ]);
    await server.close();
  });

  test('shows why a message is refused', async () => {
    const { server, chat } = await open(version);
    await chat.sendMessage({ parts: [] });
    expect(chat.error?.message).toContain('The message is empty: it has no text and no file.');
    expect(asked).toEqual([]);
    await server.close();
  });

  test('brings a conversation that began elsewhere', async () => {
    const before: UIMessage[] = [
      { id: '1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { id: '2', role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] },
    ];
    const { server, chat, load } = await open(version, before);
    await chat.sendMessage({ text: 'Go on' });
    const texts = ['Hi', 'Hello', 'Go on', '2 before, asked 1 times'];
    expect(textsOf(chat.messages)).toEqual(texts);
    expect(textsOf(await load())).toEqual(texts);
    await server.close();
  });
});

// A limit of version 5 that docs/ai-sdk.md names.
test.each([
  [5, true],
  [6, false],
  [7, false],
] as const)('ai %i: a page that resumes after a cut doubles the text: %s', async (version, isDoubled) => {
  const { server, transport, chat } = await open(version);
  const { sendMessages } = transport;
  transport.sendMessages = async (options) => {
    const chunks = (await sendMessages.call(transport, options)).getReader();
    return new ReadableStream({
      async pull(controller) {
        const { value } = await chunks.read();
        if (value === undefined) return controller.close();
        controller.enqueue(value);
        // As Chromium words it.
        if (value.type === 'text-delta') controller.error(new TypeError('network error'));
      },
    });
  };
  await chat.sendMessage({ text: 'one' });
  await chat.resumeStream();
  const whole = '0 before, asked 1 times';
  expect(chat.status).toBe('ready');
  const [, shown = ''] = textsOf(chat.messages);
  expect(shown.endsWith(whole)).toBe(true);
  expect(shown.length > whole.length).toBe(isDoubled);
  await server.close();
});

test.each(aiVersions.filter((version) => version > 5))(
  'ai %i: approvals that no call settles are sent once',
  async (version) => {
    const { server, chat, load } = await open(version);
    await chat.sendMessage({ text: 'ask' });
    const ids = chat.messages.flatMap(({ parts }) =>
      parts.flatMap((part) =>
        'state' in part && part.state === 'approval-requested' ? [part.approval.id] : [],
      ),
    );
    expect(ids).toHaveLength(2);
    for (const [index, id] of ids.entries())
      await chat.addToolApprovalResponse({ id, approved: index === 0 });
    await expect.poll(() => chat.status === 'ready' && asked.length).toBe(2);
    const states = (messages: readonly UIMessage[]): readonly unknown[] =>
      messages.flatMap(({ parts }) => parts.flatMap((part) => ('toolCallId' in part ? [part.state] : [])));
    expect(states(chat.messages)).toEqual(['output-available', 'output-denied']);
    expect(states(await load())).toEqual(['output-available', 'output-denied']);
    expect(asked).toEqual(['ask', 'answers']);
    await server.close();
  },
);

// The contract lets pages reload after a cut. These need not.
test.concurrent.each(
  aiSdkOracles
    .filter(({ name }) => goesOn.has(name))
    .flatMap((oracle) => [1, 2, 3].map((seed) => ({ name: oracle.name, oracle, seed }))),
)('$name goes on through cuts without an error, seed $seed', async ({ oracle, seed }) => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  let times = 0;
  const server = await startWith(aiSdk())(
    defineAgent({
      open: () =>
        async function* () {
          times += 1;
          for (let word = 0; word < 60; word += 1) {
            yield `${word} `;
            await delay(5);
          }
        },
    }),
  );
  const proxy = await createFaultProxy({
    port: Number(new URL(server.url).port),
    seed,
    // The first bytes of an answer come through: WorkflowChatTransport repeats no request that got none.
    plan: (count, random) =>
      count < 5
        ? {
            down: {
              cut: { atByte: random.integer(1_500, 6_000), how: random.integer(0, 1) ? 'rst' : 'fin' },
            },
          }
        : {},
  });
  const client = await oracle.open({ url: proxy.url, thread: 'room', owner: 'ada' });
  await client.send('count');
  expect(client.shown()[0]?.text).toBe(Array.from({ length: 60 }, (_, word) => `${word} `).join(''));
  expect(proxy.cuts).toBeGreaterThan(0);
  expect(times).toBe(1);
  await proxy.close();
  await server.close();
});
