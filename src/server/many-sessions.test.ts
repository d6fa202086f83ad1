import { afterEach, expect, test } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { listen } from '../node/index.ts';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field, readFrames } from './server.fixture.ts';
import type { Generator } from './server.fixture.ts';

let server: Server;
afterEach(() => server.close(0));

const echo: Generator = async function* ({ input }) {
  yield `You said ${String(input.content)}`;
};

interface Tagged {
  readonly session: string;
  readonly id?: string;
  readonly event?: { readonly type: string };
  readonly problem?: { readonly status: number };
}

async function setUp(count: number, options: Partial<ServerOptions> = {}): Promise<readonly string[]> {
  server = createTestServer(echo, options);
  const create = async (): Promise<string> => field(await ask(server, 'POST', '/session'), 'session_id');
  return Promise.all(Array.from({ length: count }, create));
}

function open(sessions: Readonly<Record<string, string | null>>, init: RequestInit = {}): Promise<Response> {
  return ask(server, 'POST', '/streams', { ...init, json: { sessions } });
}

/** Reads until the stream has had `ends` events of type `message_end`. */
async function read(response: Response, ends: number): Promise<readonly Tagged[]> {
  const all: Tagged[] = [];
  let left = ends;
  await readFrames(response, ({ data }) => {
    const one = JSON.parse(data) as Tagged;
    all.push(one);
    if (one.event?.type === 'message_end') left -= 1;
    return left === 0;
  });
  return all;
}

const say = (session: string, content: string): Promise<Response> =>
  ask(server, 'POST', `/message/${session}`, { json: { content } });

test('several sessions share one stream, each with the same frames as on a stream of its own', async () => {
  const sessions = await setUp(3);
  const many = open(Object.fromEntries(sessions.map((session) => [session, null])));
  const reading = read(await many, 3);
  for (const session of sessions) await say(session, session);
  const all = await reading;
  for (const session of sessions) {
    const own = await readFrames(await ask(server, 'GET', `/stream/${session}`), ({ data }) =>
      data.includes('"message_end"'),
    );
    expect(all.filter((one) => one.session === session)).toEqual(
      own.map(({ id, data }) => ({ session, id, event: JSON.parse(data) })),
    );
  }
});

test('each session continues after the id given for it', async () => {
  const [first = '', second = ''] = await setUp(2);
  await say(first, 'one');
  await say(second, 'two');
  const all = await read(await open({ [first]: null, [second]: null }), 2);
  const ids = all.filter((one) => one.session === first).map((one) => one.id ?? '');
  const after = ids[2] ?? '';
  const again = await read(await open({ [first]: after, [second]: null }), 2);
  expect(again.filter((one) => one.session === first).map((one) => one.id)).toEqual(ids.slice(3));
  expect(again.filter((one) => one.session === second)).toEqual(all.filter((one) => one.session === second));
});

test('a session that does not exist, or is not the caller’s, is reported and does not end the others', async () => {
  let owner = 'anna';
  const [first = ''] = await setUp(1, { authenticate: () => owner });
  owner = 'ben';
  const second = await field(await ask(server, 'POST', '/session'), 'session_id');
  await say(second, 'two');
  const all = await read(await open({ [first]: null, nowhere: null, [second]: null }), 1);
  const problem = { status: 404, code: 'not_found', title: 'There is no such thing here.' };
  expect(all.slice(0, 2)).toEqual([
    { session: first, problem },
    { session: 'nowhere', problem },
  ]);
  expect(new Set(all.slice(2).map((one) => one.session))).toEqual(new Set([second]));
  expect(await readFrames(await open({ [first]: null }))).toHaveLength(1);
});

test('all end when one ends, so that the client reconnects', async () => {
  const [first = '', second = ''] = await setUp(2);
  const response = await open({ [first]: null, [second]: null });
  const frames = readFrames(response);
  await ask(server, 'DELETE', `/session/${first}`);
  expect((await frames).map(({ data }) => (JSON.parse(data) as Tagged).session).toSorted()).toEqual(
    [first, second].toSorted(),
  );
  expect(server.load.streams).toBe(0);
});

test('many sessions with long logs share one connection that is not cut', async () => {
  const store = memoryStore();
  server = createTestServer(echo, { store });
  const head = { owner: 'anonymous', kind: 'session', createdAt: 0, activeAt: 0, queue: [] } as const;
  const sessions = Array.from({ length: 30 }, (_, index) => `session${index}`);
  for (const session of sessions) {
    const words = Array.from(
      { length: 200 },
      () => ({ type: 'content', turn: 't', part: 'p', data: 'x'.repeat(1_000) }) as const,
    );
    await store.log.append(session, [{ type: 'session_start', session }, ...words], {
      head: { was: 0, now: head },
    });
  }
  const listening = await listen(server, { port: 0 });
  try {
    const body = JSON.stringify({ sessions: Object.fromEntries(sessions.map((session) => [session, null])) });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${listening.url}/streams`, { method: 'POST', headers, body });
    let left = sessions.length * 201;
    await readFrames(response, () => (left -= 1) === 0);
    expect(left).toBe(0);
  } finally {
    await listening.close(0);
  }
});

test('a stream that its client leaves leaves nothing open', async () => {
  const [first = '', second = ''] = await setUp(2);
  const controller = new AbortController();
  const response = await open({ [first]: null, [second]: null }, { signal: controller.signal });
  expect(server.load.streams).toBe(2);
  await response.body?.cancel();
  expect(server.load.streams).toBe(0);
});

test.each([
  [undefined],
  [[]],
  [{}],
  [{ 'no such/id': null }],
  [{ one: 'not-an-id!' }],
  [{ one: '3-aaaaaa.other' }],
  [{ one: 7 }],
  [Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`s${index}`, null]))],
])('an invalid set of sessions is refused: %j', async (sessions) => {
  await setUp(0);
  expect((await ask(server, 'POST', '/streams', { json: { sessions } })).status).toBe(400);
});
