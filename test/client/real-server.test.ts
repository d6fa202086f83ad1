import { connect, createServer as createTcpServer } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { SSEClient, createClient, createConversation } from '../../src/client/index.ts';
import type { ConversationView, EventAtId } from '../../src/client/index.ts';
import { memoryStore } from '../../src/log/index.ts';
import type { Store } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import { defineAgent } from '../../src/protocol/index.ts';
import type { Agent, SessionState } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { until } from '../../src/client/until.fixture.ts';

const words = Array.from({ length: 40 }, (_, index) => `wörd${index} 語 `);
const answer = words.join('');

/** Says the words, one at a time. For the prompt "wait", it then waits until it is cancelled. */
const agent: Agent = defineAgent({
  open: () =>
    async function* ({ input, signal }) {
      yield { type: 'tool_use', call: 'c1', tool: 'count', input: { of: 'words' } };
      yield { type: 'tool_result', call: 'c1', output: words.length };
      for (const word of words) {
        await delay(3);
        if (signal.aborted) return;
        yield word;
      }
      if (input.content === 'wait') await once(signal, 'abort');
    },
});

const cleanUp = createCleanUp();

async function serve(
  store: Store,
  port = 0,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const listening = await listen(createServer({ store, agent }), { port });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= listening.close(0));
  cleanUp(close);
  return { url: listening.url, close };
}

/** Starts a proxy before a server. It resets each connection after a number of bytes. */
async function serveThrough(
  url: string,
  bytes: number,
): Promise<{ readonly url: string; readonly cuts: () => number }> {
  const { port } = new URL(url);
  const sockets = new Set<Socket>();
  let cuts = 0;
  const proxy = createTcpServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    let passed = 0;
    far.on('data', (chunk: Buffer) => {
      const room = bytes - passed;
      passed += chunk.length;
      near.write(chunk.subarray(0, Math.max(room, 0)), () => {
        if (passed < bytes) return;
        cuts += 1;
        setImmediate(() => near.resetAndDestroy());
      });
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  cleanUp(async () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await once(proxy, 'close');
  });
  const address = proxy.address();
  const own = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${own}`, cuts: () => cuts };
}

// Reconnects at once, so that many cuts take no time.
const timing = { sleep: () => Promise.resolve() };

function textOf(events: readonly EventAtId[]): string {
  return events.map(({ event }) => (event.type === 'content' ? event.data : '')).join('');
}

function textOfState({ messages }: SessionState): string {
  const parts = messages.flatMap((message) => (message.role === 'agent' ? message.parts : []));
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

describe('the client on the real server', () => {
  test('follows a turn through a network that cuts every connection', async () => {
    const server = await serve(memoryStore());
    const proxy = await serveThrough(server.url, 1_000);
    const session = await createClient({ url: server.url }).create();
    await session.send('Hi');
    const events: EventAtId[] = [];
    for await (const received of createClient({ url: proxy.url, timing }).session(session.id).events()) {
      events.push(received);
      if (received.event.type === 'message_end') break;
    }
    expect(textOf(events)).toBe(answer);
    expect(proxy.cuts()).toBeGreaterThan(1);
    const seqs = events.flatMap(({ id }) => (id === undefined ? [] : Number.parseInt(id, 10)));
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  test('a question through such a network is one turn', async () => {
    const server = await serve(memoryStore());
    const proxy = await serveThrough(server.url, 1_000);
    const events: EventAtId[] = [];
    for await (const received of createClient({ url: proxy.url, timing }).ask('Hi')) events.push(received);
    expect(textOf(events)).toBe(answer);
    expect(events.at(-1)?.event).toEqual({ type: 'end' });
    expect(events.filter(({ event }) => event.type === 'message_start')).toHaveLength(1);
    expect(proxy.cuts()).toBeGreaterThan(1);
  });

  test('shows two conversations the same, although one is cut again and again', async () => {
    const server = await serve(memoryStore());
    const proxy = await serveThrough(server.url, 2_500);
    const session = await createClient({ url: server.url }).create();
    const near = createConversation(session);
    const far = createConversation(createClient({ url: proxy.url, timing }).session(session.id));
    cleanUp(
      () => near.close(),
      () => far.close(),
    );
    await session.send('Hi');
    const isDone = ({ state }: ConversationView): boolean =>
      state.messages.some((message) => message.role === 'agent' && message.outcome !== undefined);
    const views = await Promise.all([until(near, isDone), until(far, isDone)]);
    expect(views.map(({ state }) => textOfState(state))).toEqual([answer, answer]);
    expect(textOfState(await session.state())).toBe(answer);
  });

  test('goes on in mid-word after a restart of the server', async () => {
    const store = memoryStore();
    // The store stays open. Only the server around it is replaced.
    const lasting: Store = { ...store, close: async () => {} };
    const first = await serve(lasting);
    const client = createClient({ url: first.url });
    const session = await client.create();
    await session.send('Hi');
    const events: EventAtId[] = [];
    const seen: string[] = [];
    for await (const received of session.events({ onConnection: (connection) => seen.push(connection) })) {
      events.push(received);
      if (events.length === 12) {
        await first.close();
        await serve(lasting, Number(new URL(first.url).port));
      }
      if (received.event.type === 'message_end') break;
    }
    expect(seen).toContain('waiting');
    const ids = events.flatMap(({ id }) => id ?? []);
    expect(ids.map((id) => Number.parseInt(id, 10))).toEqual(ids.map((_, index) => index + 1));
    expect(events.at(-1)?.event).toMatchObject({ type: 'message_end' });
  });

  test('cancels, withdraws, lists and drops', async () => {
    const { url } = await serve(memoryStore());
    const client = createClient({ url });
    const session = await client.create({ metadata: { a: 1 } });
    const conversation = createConversation(session);
    cleanUp(() => conversation.close());
    const { turn } = await session.send('wait');
    const second = await session.send('then this');
    await session.withdraw(second.message);
    await expect(session.send('busy?', { onBusy: 'reject' })).rejects.toMatchObject({
      code: 'busy',
      status: 409,
    });
    await until(conversation, ({ state }) => textOfState(state).length > 10);
    await session.cancel(turn);
    const { state } = await until(
      conversation,
      (view) => view.state.turn === undefined && view.state.messages.length > 1,
    );
    expect(state.messages.find((message) => message.role === 'agent')).toMatchObject({
      outcome: 'cancelled',
    });
    expect(state.messages.filter((message) => message.role === 'user')).toMatchObject([
      { status: 'started' },
      { status: 'withdrawn' },
    ]);
    expect(await client.sessions()).toMatchObject([{ session: session.id }]);
    await session.drop();
    const { error } = await until(conversation, ({ connection }) => connection === 'closed');
    expect(error).toMatchObject({ code: 'not_found' });
  });

  test('lists each session once, over more than one page', async () => {
    const { url } = await serve(memoryStore());
    const client = createClient({ url });
    const made = await Promise.all(Array.from({ length: 230 }, () => client.create()));
    const listed: string[] = [];
    for (let page = await client.sessions(); page.length > 0;) {
      listed.push(...page.map(({ session }) => session));
      page = await client.sessions({ before: page.at(-1) ?? 0 });
    }
    expect(listed.toSorted()).toEqual(made.map(({ id }) => id).toSorted());
  });

  test('sends a message once for one key', async () => {
    const { url } = await serve(memoryStore());
    const session = await createClient({ url }).create();
    const first = await session.send('Hi', { key: 'k1' });
    expect(await session.send('Hi', { key: 'k1' })).toEqual(first);
    await expect(session.send('Ho', { key: 'k1' })).rejects.toMatchObject({
      code: 'key_reused',
      status: 422,
    });
  });

  test('works with the `SSEClient` class', async () => {
    const { url } = await serve(memoryStore());
    const { promise, resolve } = Promise.withResolvers<void>();
    let text = '';
    const tools: unknown[] = [];
    new SSEClient(url).connect('Hi', {
      onContent: (piece) => (text += piece),
      onToolUse: (use) => tools.push(use),
      onEnd: resolve,
    });
    await promise;
    expect(text).toBe(answer);
    expect(tools).toMatchObject([{ tool: 'count', input: { of: 'words' }, id: 'c1' }]);
  });
});
