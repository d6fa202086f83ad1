import { afterEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { emptyState, fold } from '../protocol/index.ts';
import type { Entry, SessionState } from '../protocol/index.ts';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field, readFrames } from './server.fixture.ts';
import type { Generator } from './server.fixture.ts';

let server: Server;
afterEach(() => server.close(0));

async function setUp(answer: Generator, options: Partial<ServerOptions> = {}): Promise<string> {
  server = createTestServer(answer, options);
  return field(await ask(server, 'POST', '/session'), 'session_id');
}

const echo: Generator = async function* ({ input }) {
  yield `You said ${String(input.content)}`;
};
const isEnd = ({ data }: { data: string }): boolean => data.includes('"message_end"');

test('two readers of a session get the same frames, however late they connect', async () => {
  const session = await setUp(echo);
  const early = readFrames(await ask(server, 'GET', `/stream/${session}`), isEnd);
  const sent = await ask(server, 'POST', `/message/${session}`, { json: { content: 'hello' } });
  expect(sent.status).toBe(202);
  expect(await sent.json()).toMatchObject({ status: 'ok', id: expect.stringMatching(/^2-/) });
  const frames = await early;
  expect(await readFrames(await ask(server, 'GET', `/stream/${session}`), isEnd)).toEqual(frames);
  for (const [index, { id }] of frames.slice(0, -1).entries()) {
    const resumed = await ask(server, 'GET', `/stream/${session}?after=${id}`);
    expect(await readFrames(resumed, isEnd)).toEqual(frames.slice(index + 1));
  }
});

test('the folded state equals the folded frames, and the long poll returns the same entries', async () => {
  const session = await setUp(echo);
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'hello' } });
  await readFrames(await ask(server, 'GET', `/stream/${session}`), isEnd);
  const state = (await (await ask(server, 'GET', `/session/${session}`)).json()) as SessionState;
  const { entries } = (await (await ask(server, 'GET', `/events/${session}`)).json()) as { entries: Entry[] };
  expect(entries.reduce(fold, emptyState(session))).toEqual(state);
  expect(state.messages[1]).toMatchObject({ parts: [{ text: 'You said hello' }], outcome: 'completed' });
});

test('a stream says how long it may be silent, if that is not the usual time', async () => {
  const read = async (options: Partial<ServerOptions>): Promise<string | null> => {
    const session = await setUp(echo, options);
    const opened = await ask(server, 'GET', `/stream/${session}`);
    await opened.body?.cancel();
    return opened.headers.get('heddle-keepalive');
  };
  expect(await read({ keepaliveMs: 60_000 })).toBe('60000');
  await server.close(0);
  expect(await read({ keepaliveMs: Infinity })).toBe('2147483647');
  await server.close(0);
  expect(await read({})).toBeNull();
});

test('a key in the URL counts where a network drops or changes the header', async () => {
  const session = await setUp(echo);
  const send = async (content: string, key: string, header?: string): Promise<unknown> =>
    field(
      await ask(server, 'POST', `/message/${session}?key=${key}`, {
        json: { content },
        ...(header !== undefined && { headers: { 'idempotency-key': header } }),
      }),
      'message_id',
    );
  const first = await send('hello', 'k1', 'k1');
  expect(await send('hello', 'k1')).toBe(first);
  expect(await send('hello', 'k1', 'one')).toBe(first);
  expect(await send('good day', 'k2', 'one')).not.toBe(first);
});

test('a long poll waits for the next entry, and returns none when its time is up', async () => {
  const session = await setUp(echo);
  const { entries } = (await (await ask(server, 'GET', `/events/${session}`)).json()) as { entries: Entry[] };
  const after = entries.at(-1)?.id ?? '';
  const waiting = ask(server, 'GET', `/events/${session}?after=${after}&wait=10`);
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'hello' } });
  expect(((await (await waiting).json()) as { entries: Entry[] }).entries[0]?.event.type).toBe('message');
  await readFrames(await ask(server, 'GET', `/stream/${session}`), isEnd);
  const all = (await (await ask(server, 'GET', `/events/${session}`)).json()) as { entries: Entry[] };
  const empty = await ask(server, 'GET', `/events/${session}?after=${all.entries.at(-1)?.id}&wait=0.01`);
  expect(await empty.json()).toEqual({ entries: [] });
});

test('an id that is not in this log gets a resync and the state, never a silent gap', async () => {
  const store = memoryStore();
  const session = await setUp(echo, { store });
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'hello' } });
  const frames = await readFrames(await ask(server, 'GET', `/stream/${session}`), isEnd);
  const state = (await (await ask(server, 'GET', `/session/${session}`)).json()) as SessionState;
  const resync = async (id: string): Promise<unknown> => {
    const [frame] = await readFrames(await ask(server, 'GET', `/stream/${session}?after=${id}`), () => true);
    expect(frame?.id).toBe('');
    return JSON.parse(frame?.data ?? '');
  };
  expect(await resync('2-zzzzzz')).toEqual({ type: 'resync', reason: 'unknown', from: '2-zzzzzz', state });
  expect(await resync('999-zzzzzz')).toMatchObject({ reason: 'beyond' });
  await store.log.trim(session, frames[3]?.id ?? '', state);
  expect(await resync(frames[1]?.id ?? '')).toMatchObject({ reason: 'trimmed' });
});

test('another session’s id is refused', async () => {
  const session = await setUp(echo);
  expect((await ask(server, 'GET', `/stream/${session}?after=1-abcdef.another`)).status).toBe(400);
});

test('a silent stream gets a comment, also while the agent thinks', async () => {
  const session = await setUp(
    async function* ({ signal }) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield '';
    },
    { keepaliveMs: 40 },
  );
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'hello' } });
  const reader = (await ask(server, 'GET', `/stream/${session}`)).body?.getReader();
  let text = '';
  while (!/(: keepalive\n\n.*){2}/s.test(text))
    text += new TextDecoder().decode((await reader?.read())?.value);
  await reader?.cancel();
});

test('a cancel ends the turn for all readers, and a reader that leaves ends nothing', async () => {
  const session = await setUp(async function* ({ signal }) {
    yield 'thinking';
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'hello' } });
  await readFrames(await ask(server, 'GET', `/stream/${session}`), ({ data }) => data.includes('thinking'));
  expect((await ask(server, 'POST', `/cancel/${session}`, { json: { turn_id: 'another' } })).status).toBe(
    202,
  );
  expect(await (await ask(server, 'GET', `/session/${session}`)).json()).toHaveProperty('turn');
  expect((await ask(server, 'POST', `/cancel/${session}`)).status).toBe(202);
  const frames = await readFrames(await ask(server, 'GET', `/stream/${session}`), isEnd);
  expect(JSON.parse(frames.at(-1)?.data ?? '')).toMatchObject({ outcome: 'cancelled' });
});

test('a waiting message can be withdrawn, a started one cannot', async () => {
  const session = await setUp(async function* ({ signal }) {
    yield 'thinking';
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  const send = async (content: string): Promise<string> =>
    field(await ask(server, 'POST', `/message/${session}`, { json: { content } }), 'message_id');
  const first = await send('a');
  await readFrames(await ask(server, 'GET', `/stream/${session}`), ({ data }) => data.includes('thinking'));
  const second = await send('b');
  const take = (message_id: string) => ask(server, 'POST', `/withdraw/${session}`, { json: { message_id } });
  expect((await take(second)).status).toBe(202);
  expect((await take(second)).status).toBe(409);
  expect((await take(first)).status).toBe(409);
});

test('a session that is deleted ends its streams and is gone', async () => {
  const session = await setUp(echo);
  const stream = readFrames(await ask(server, 'GET', `/stream/${session}`));
  await vi.waitFor(() => expect(server.load.streams).toBe(1));
  expect((await ask(server, 'DELETE', `/session/${session}`)).status).toBe(204);
  await stream;
  for (const path of [`/stream/${session}`, `/session/${session}`, `/events/${session}`]) {
    expect((await ask(server, 'GET', path)).status).toBe(404);
  }
  expect((await ask(server, 'DELETE', `/session/${session}`)).status).toBe(404);
});

test('the list has the caller’s sessions, last active first, without one-shot sessions', async () => {
  const session = await setUp(echo);
  await readFrames(await ask(server, 'GET', '/stream?prompt=once'));
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'A title\nand more' } });
  const { sessions } = (await (await ask(server, 'GET', '/sessions')).json()) as { sessions: unknown[] };
  expect(sessions).toMatchObject([{ session_id: session, title: 'A title' }]);
});

test('a server that closes notifies its streams, cuts those in mid-turn, and refuses new work', async () => {
  const session = await setUp(async function* ({ signal }) {
    yield 'thinking';
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  const idle = await field(await ask(server, 'POST', '/session'), 'session_id');
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'hello' } });
  const busyStream = readFrames(await ask(server, 'GET', `/stream/${session}`));
  const idleStream = readFrames(await ask(server, 'GET', `/stream/${idle}`));
  await vi.waitFor(() => expect(server.load.streams).toBe(2));
  const closed = server.close(0);
  expect((await ask(server, 'POST', `/message/${idle}`, { json: { content: 'late' } })).status).toBe(503);
  expect((await ask(server, 'GET', '/ready')).status).toBe(503);
  await expect(busyStream).rejects.toThrow();
  expect((await idleStream).at(-1)?.data).toBe('{"type":"drain"}');
  await closed;
});

test('a stream that reaches its maximum age ends, and its client reconnects', async () => {
  const session = await setUp(echo, { maxAgeMs: 20 });
  const frames = await readFrames(await ask(server, 'GET', `/stream/${session}`));
  expect(frames).toHaveLength(1);
});
