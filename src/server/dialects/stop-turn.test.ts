// Streams that own their turn, and frames with ids of the dialect's own.
import { afterEach, expect, test, vi } from 'vitest';
import { createChain } from '../../dialects/index.ts';
import type { Dialect } from '../../dialects/index.ts';
import { memoryStore } from '../../log/index.ts';
import type { Store } from '../../log/index.ts';
import type { Turn } from '../../protocol/index.ts';
import { ask, createTestServer } from '../server.fixture.ts';
import type { Server } from '../index.ts';

const servers: Server[] = [];
const aborted: string[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
  aborted.splice(0);
});

async function* answer({ input, signal, turn }: Turn) {
  const text = typeof input.content === 'string' ? input.content : '';
  signal.addEventListener('abort', () => aborted.push(text));
  yield 'begun';
  if (text === 'ask') yield { type: 'approval_request', approval: turn, reason: 'May I?' } as const;
  if (text === 'hang') await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

/** A dialect whose frames are the names of events, each with its number as its id. */
const numbered: Dialect = {
  name: 'numbered',
  onCut: 'destroy',
  plain: true,
  routes: [
    {
      method: 'POST',
      path: '/numbered/:thread',
      acts: true,
      streams: true,
      decode: ({ params, body, query }) => ({
        type: 'send',
        thread: { type: 'named', name: params['thread'] ?? '' },
        message: { content: body['text'] },
        show: { as: 'stream', ...(query.has('owns') && { ownsTurn: true as const }) },
      }),
    },
  ],
  open: ({ scope }) => {
    const chain = createChain(scope);
    let count = 0;
    return {
      project: ({ event }) =>
        chain.see(event) === 'own' ? [{ id: `n.${(count += 1)}`, data: event.type }] : [],
      announce: () => [],
      get over() {
        return chain.end !== undefined;
      },
    };
  },
};

function serveOver(): { readonly store: Store; readonly server: Server } {
  const store = memoryStore();
  const server = createTestServer(answer, {
    dialects: [numbered],
    store: { ...store, close: async () => {} },
  });
  servers.push(server);
  return { store, server };
}

const serve = (): Server => serveOver().server;

const post = (server: Server, thread: string, text: string): Promise<Response> =>
  ask(server, 'POST', `/numbered/${thread}`, { json: { text } });

/** Reads a stream until it has a text, and leaves it. Returns what it had. */
async function leaveAfter(response: Response, text: string): Promise<void> {
  const reader = response.body?.getReader();
  for (let read = ''; !read.includes(text);) {
    const next = await reader?.read();
    if (next?.value === undefined) throw new Error(`The stream ended without ${text}.`);
    read += new TextDecoder().decode(next.value);
  }
  await reader?.cancel();
}

/** Returns the types of the events of a session. */
async function eventsOf(store: Store, { headers }: Response): Promise<readonly string[]> {
  const page = await store.log.read(headers.get('heddle-session') ?? '', undefined, 100);
  return page.type === 'page' ? page.entries.map(({ event }) => event.type) : [];
}

test('a frame keeps the id that its dialect gives it', async () => {
  const text = await (await post(serve(), 'a', 'hi')).text();
  const ids = [...text.matchAll(/^id: (.+)\ndata: (.+)$/gm)].map(([, id, data]) => [id, data]);
  expect(ids[0]).toEqual(['n.1', 'message']);
  expect(ids.at(-1)).toEqual([`n.${ids.length}`, 'message_end']);
  expect(text).not.toContain('retry:');
});

test('a client that leaves a stream which owns its turn stops the turn, and no other one', async () => {
  const server = serve();
  await leaveAfter(await post(server, 'other', 'hang'), 'content');
  await leaveAfter(await post(server, 'own?owns', 'hang'), 'content');
  await vi.waitFor(() => expect(aborted).toEqual(['hang']));
  expect(server.load.sessions).toBe(1);
});

test('a message that still waits is withdrawn', async () => {
  const { store, server } = serveOver();
  await leaveAfter(await post(server, 'queue', 'hang'), 'content');
  const waiting = await post(server, 'queue?owns', 'hi');
  await leaveAfter(waiting, 'message');
  await vi.waitFor(async () => expect(await eventsOf(store, waiting)).toContain('withdraw'));
  expect(aborted).toEqual([]);
});

test('a stream that is over stops nothing: an approval stays open', async () => {
  const { store, server } = serveOver();
  const response = await post(server, 'asks?owns', 'ask');
  await response.text();
  // The next command is performed after any that the end of the stream would have caused.
  await (await post(server, 'other', 'hi')).text();
  expect((await eventsOf(store, response)).at(-1)).toBe('message_end');
});

test('a server that shuts down cancels nothing: the next node goes on', async () => {
  const { store, server } = serveOver();
  const response = await post(server, 'drained?owns', 'hang');
  const read = response.text();
  await Promise.all([server.close(0), expect(read).rejects.toThrow('cut')]);
  expect(await eventsOf(store, response)).not.toContain('cancel_request');
});
