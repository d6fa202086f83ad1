// Tests in short what each door does that runs anywhere. Each runtime runs it, from the build.
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { mint } from '../../src/protocol/internal.ts';
import { defineAgent, emptyState, fold } from 'heddle';
import { createChatTransport } from 'heddle/ai-sdk';
import { apiKeys } from 'heddle/auth';
import { createClient } from 'heddle/client';
import type { Client, FetchLike } from 'heddle/client';
import { aiSdk, typed } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { createWatchers, storeContract } from 'heddle/store';
import type { Store } from 'heddle/log';
import { useSession } from 'heddle/react';
import { createServer } from 'heddle/server';
import type { Server } from 'heddle/server';
import { encode, parse } from 'heddle/wire';

/** A test for each door, by name. It rejects if the door does not work. */
export type Doors = Readonly<Record<string, () => Promise<void>>>;

/** Repeats its message in two pieces. */
const agent = defineAgent({
  open: () =>
    async function* ({ input }) {
      yield 'You said: ';
      yield input.type === 'message' ? String(input.content) : '';
    },
});

export function createEcho(): Server {
  return createServer({ agent, store: memoryStore(), authenticate: () => ({ owner: 'ada' }) });
}

/** Sends a message, and follows the session to the end of the answer. */
export async function talk(client: Client): Promise<void> {
  const session = await client.create();
  await session.send('one two');
  let said = '';
  for await (const { event } of session.events()) {
    if (event.type === 'content') said += event.data;
    if (event.type === 'message_end') break;
  }
  mustBe(said, 'You said: one two');
}

/** Runs the contract of all stores. Rejects with the names of the failed checks. */
export async function meetContract(open: (now?: () => number) => Store | Promise<Store>): Promise<void> {
  const failed: string[] = [];
  const left = [...storeContract];
  const lane = async (): Promise<void> => {
    for (let check = left.pop(); check !== undefined; check = left.pop()) {
      const { name, run } = check;
      await run(async (now) => open(now)).catch((error: unknown) => failed.push(`${name}: ${String(error)}`));
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  mustBe(failed.join('; '), '');
}

export function mustBe(seen: unknown, wanted: unknown): void {
  if (seen !== wanted) throw new Error(`There should be ${String(wanted)}, and there is ${String(seen)}.`);
}

export const anywhere: Doors = {
  heddle: async () => {
    const id = `1-${mint(6)}`;
    const { messages } = fold(emptyState('s'), {
      id,
      event: { type: 'message', message: 'm', turn: 't', content: 'one', at: 1 },
    });
    mustBe(messages.length, 1);
  },
  'heddle/wire': async () => {
    const bytes = new TextEncoder().encode(encode({ id: '1', data: 'one\ntwo ä' }));
    const body = new Blob([bytes]).stream().pipeThrough(new TransformStream());
    for await (const { data } of parse(body)) mustBe(data, 'one\ntwo ä');
  },
  'heddle/log': () => meetContract((now) => memoryStore(now && { now })),
  'heddle/store': async () => {
    const watchers = createWatchers();
    let woken = 0;
    watchers.watch('s', () => (woken += 1));
    watchers.wake('s');
    await Promise.resolve();
    mustBe(woken, 1);
  },
  'heddle/dialects': async () => {
    const frames = typed.open({ scope: 'session' }).project({
      id: '1-abcdef',
      at: 1,
      event: { type: 'session_start', session: 's' },
    });
    mustBe(frames.length, 1);
  },
  'heddle/server': async () => {
    const server = createEcho();
    const response = await server.fetch(new Request('http://127.0.0.1/stream?prompt=one'));
    const text = await response.text();
    mustBe(text.includes('You said: ') && text.includes('event: end'), true);
    await server.close(0);
  },
  'heddle/auth': async () => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('key')));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const server = createServer({ agent, store: memoryStore(), authenticate: apiKeys({ ada: hex }) });
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await server.fetch(new Request('http://127.0.0.1/sessions', { headers }))).status;
    mustBe(await status({ 'x-api-key': 'key' }), 200);
    mustBe(await status({ 'x-api-key': 'no key' }), 401);
    await server.close(0);
  },
  'heddle/client': async () => {
    const server = createEcho();
    const fetch: FetchLike = (url, init) => server.fetch(new Request(url, { ...init, redirect: 'manual' }));
    await talk(createClient({ url: 'http://127.0.0.1', fetch }));
    await server.close(0);
  },
  'heddle/ai-sdk': async () => {
    const server = createServer({ agent, store: memoryStore(), dialects: [aiSdk()] });
    const fetch: FetchLike = (url, init) => server.fetch(new Request(url, { ...init, redirect: 'manual' }));
    const message = { id: 'u1', role: 'user', parts: [{ type: 'text', text: 'one' }] };
    const chunks = await createChatTransport({ api: 'http://127.0.0.1/ai', fetch }).sendMessages<object>({
      chatId: 'room',
      trigger: 'submit-message',
      messages: [message],
    });
    let said = '';
    const reader = chunks.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read())
      if ('delta' in read.value) said += String(read.value.delta);
    mustBe(said, 'You said: one');
    await server.close(0);
  },
  'heddle/react': async () => {
    const View = (): string => useSession(createClient({ url: 'http://127.0.0.1' }).session('s')).status;
    mustBe(renderToString(createElement(View)).length > 0, true);
  },
};
