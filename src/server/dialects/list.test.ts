import { afterEach, expect, test, vi } from 'vitest';
import type { Dialect, DialectRequest, Intent, Listing, Show } from '../../dialects/index.ts';
import { memoryStore } from '../../log/index.ts';
import { createServer } from '../create-server.ts';
import type { Server } from '../create-server.ts';

afterEach(() => void vi.useRealTimers());

/** A dialect that lists what its sessions say, and answers approvals without their names. */
const lister: Dialect = {
  name: 'lister',
  onCut: 'polite',
  open: () => ({ project: () => [], announce: () => [], over: true }),
  routes: [
    { method: 'GET', path: '/lister', acts: false, decode: toList },
    { method: 'POST', path: '/lister', acts: true, decode: toSend },
    { method: 'DELETE', path: '/lister/:session', acts: true, decode: toRead },
  ],
};

function toList({ query }: DialectRequest): Intent {
  const [name, since] = [query.get('name'), query.get('since')];
  return {
    type: 'list',
    ...(name !== null && { thread: { type: 'named', name } }),
    ...(since !== null && { since: Number(since) }),
    open(): Listing {
      const seen: unknown[] = [];
      return {
        see: ({ thread, state, activeAt }) => void seen.push([thread, state.messages.length, activeAt]),
        reply: () => ({ body: seen }),
      };
    },
  };
}

function toSend({ body }: DialectRequest): Intent {
  const thread = { type: 'named', name: String(body['thread']) } as const;
  const show: Show = {
    as: 'whole',
    reply: ({ session, exchange, state }) => ({ body: { session, exchange, state } }),
  };
  if (body['text'] !== undefined) return { type: 'send', thread, message: { content: body['text'] }, show };
  const { of, decision, approval } = body;
  const named = typeof approval === 'string' ? { approval } : {};
  return { type: 'answer', thread, of: { message: String(of) }, decisions: [{ decision, ...named }], show };
}

/** Reads a session that must have a name, too. */
function toRead({ params, query }: DialectRequest): Intent {
  const { session = '' } = params;
  return {
    type: 'read',
    thread: { type: 'session', session, name: query.get('name') ?? '' },
    show: { as: 'now', reply: ({ thread }) => ({ body: { thread } }) },
  };
}

function serve(): Server {
  return createServer({
    agent: async function* ({ input, turn }) {
      if (input.type === 'answers') yield JSON.stringify(input.answers.map(({ decision }) => decision));
      else if (input.content === 'ask') {
        yield { type: 'approval_request', approval: `${turn}-1`, reason: null };
        yield { type: 'approval_request', approval: `${turn}-2`, reason: null };
      } else yield 'Yes.';
    },
    store: memoryStore(),
    dialects: [lister],
    gatherMs: 0,
    authenticate: (request) => request.header('x-user'),
    onError: () => {},
  });
}

async function ask(server: Server, method: string, path: string, body?: object, user = 'ada') {
  const response = await server.fetch(
    new Request(`http://localhost/lister${path}`, {
      method,
      headers: { 'x-user': user, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

test('a list has the sessions of its owner, the last active first, or those since a time, or one', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
  const server = serve();
  for (const thread of ['a', 'b', 'c']) {
    await ask(server, 'POST', '', { thread, text: 'Hi' });
    vi.setSystemTime(Date.now() + 1_000);
  }
  await ask(server, 'POST', '', { thread: 'a', text: 'Hi' }, 'eve');
  const listOf = async (query: string): Promise<unknown> => (await ask(server, 'GET', query)).json;
  expect(await listOf('')).toEqual([
    ['c', 2, 3_000],
    ['b', 2, 2_000],
    ['a', 2, 1_000],
  ]);
  expect(await listOf('?since=2000')).toEqual([
    ['c', 2, 3_000],
    ['b', 2, 2_000],
  ]);
  expect(await listOf('?name=a')).toEqual([['a', 2, 1_000]]);
  expect(await listOf('?name=a&since=1001')).toEqual([]);
  expect(await listOf('?name=none')).toEqual([]);
  await server.close(0);
});

test('a decision without a name is for all that its exchange asked for last, also if it is repeated', async () => {
  const server = serve();
  const asked = await ask(server, 'POST', '', { thread: 'a', text: 'ask' });
  const { message: of } = asked.json['exchange'] as { message: string };
  for (const again of [false, true]) {
    const { json } = await ask(server, 'POST', '', { thread: 'a', of, decision: 7 });
    const { messages } = json['state'] as { messages: readonly { parts?: readonly unknown[] }[] };
    expect([again, messages.at(-1)?.parts]).toMatchObject([again, [{ text: '[7,7]' }]]);
  }
  expect((await ask(server, 'POST', '', { thread: 'a', of, decision: 8 })).status).toBe(422);
  expect((await ask(server, 'POST', '', { thread: 'a', of: 'm'.repeat(16), decision: 7 })).status).toBe(404);
  const other = await ask(server, 'POST', '', { thread: 'a', text: 'Hi' });
  const { message } = other.json['exchange'] as { message: string };
  expect((await ask(server, 'POST', '', { thread: 'a', of: message, decision: 7 })).status).toBe(409);
  expect((await ask(server, 'POST', '', { thread: 'a', of, approval: 'unknown', decision: 7 })).status).toBe(
    409,
  );
  await server.close(0);
});

test('a session is found by its id and a name that is its own, and by no other name', async () => {
  const server = serve();
  const { json } = await ask(server, 'POST', '', { thread: 'a', text: 'Hi' });
  const session = String(json['session']);
  expect((await ask(server, 'DELETE', `/${session}?name=a`)).json).toEqual({ thread: 'a' });
  expect((await ask(server, 'DELETE', `/${session}?name=${session}`)).status).toBe(200);
  expect((await ask(server, 'DELETE', `/${session}?name=b`)).status).toBe(400);
  expect((await ask(server, 'DELETE', `/${session}?name=a`, undefined, 'eve')).status).toBe(404);
  await server.close(0);
});
