import { RateLimiterMemory } from 'rate-limiter-flexible';
import { afterEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { QuotaOptions, Rate, Reply, Server, ServerOptions, Sink } from './index.ts';
import { createQuotas } from './quotas.ts';
import { ask, createTestServer, field, readFrames } from './server.fixture.ts';
import type { Generator } from './server.fixture.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

const hello: Generator = async function* () {
  yield 'hello';
};

function serve(quotas: QuotaOptions, answer: Generator = hello, more: Partial<ServerOptions> = {}): Server {
  const server = createTestServer(answer, {
    quotas: { address: (request) => request.header('x-address'), ...quotas },
    authenticate: (request) => request.header('authorization'),
    ...more,
  });
  servers.push(server);
  return server;
}

function rate(of: Rate['of'], points: number, per: Rate['per'] = 'owner', duration = 60): Rate {
  return { of, per, limiter: new RateLimiterMemory({ points, duration }) };
}

const as = (owner: string, address = '192.0.2.1') => ({ authorization: owner, 'x-address': address });

const create = (server: Server, owner: string, address?: string) =>
  ask(server, 'POST', '/session', { headers: as(owner, address) });

const send = (server: Server, owner: string, session: string, content = 'hi') =>
  ask(server, 'POST', `/message/${session}`, { headers: as(owner), json: { content } });

test('a caller over its limit gets a retry time; other callers are not affected', async () => {
  const server = serve({ rates: [rate('sessions', 2)] });
  for (let count = 0; count < 2; count += 1) expect((await create(server, 'ada')).status).toBe(201);
  const refused = await create(server, 'ada');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
  expect(await refused.json()).toMatchObject({ code: 'too_many' });
  expect((await create(server, 'eve')).status).toBe(201);
  // The contrast: without the rate there is no limit.
  const open = serve({});
  for (let count = 0; count < 5; count += 1) expect((await create(open, 'ada')).status).toBe(201);
});

test('retry times are spread', async () => {
  const server = serve({ rates: [rate('sessions', 1, 'owner', 600)] });
  await create(server, 'ada');
  const times = await Promise.all(
    Array.from({ length: 20 }, async () => (await create(server, 'ada')).headers.get('retry-after')),
  );
  expect(new Set(times).size).toBeGreaterThan(5);
});

test('requests of one address are counted before auth, so that keys cannot be guessed', async () => {
  const server = serve({ rates: [rate('requests', 3, 'address')] });
  const guess = (address: string) =>
    ask(server, 'GET', '/sessions', { headers: { 'x-address': address } }).then(({ status }) => status);
  const statuses = [];
  for (let count = 0; count < 5; count += 1) statuses.push(await guess('2001:db8::1'));
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  // Another address of the same /64 does not help.
  expect(await guess('2001:db8::2')).toBe(429);
  expect(await guess('2001:db8:1::1')).toBe(401);
  expect((await ask(server, 'GET', '/health', { headers: { 'x-address': '2001:db8::1' } })).status).toBe(200);
});

test('messages and the bytes of bodies are counted; no caller can use up another’s limit', async () => {
  const server = serve({ rates: [rate('messages', 2, 'session'), rate('bytes', 1_000)] });
  const session = await field(await create(server, 'ada'), 'session_id');
  for (let count = 0; count < 5; count += 1) await send(server, 'eve', session);
  expect((await send(server, 'ada', session)).status).toBe(202);
  expect((await send(server, 'ada', session)).status).toBe(202);
  expect((await send(server, 'ada', session)).status).toBe(429);
  const other = await field(await create(server, 'ada'), 'session_id');
  const long = await send(server, 'ada', other, 'x'.repeat(2_000));
  expect([long.status, await field(long, 'error')]).toEqual([429, expect.stringContaining('bytes')]);
});

test('streams are counted while they are open, by owner and by address', async () => {
  const server = serve({ streams: 2, streamsPerAddress: 3 });
  const session = await field(await create(server, 'ada'), 'session_id');
  const eves = await field(await create(server, 'eve'), 'session_id');
  const open = (owner: string) =>
    ask(server, 'GET', `/stream/${owner === 'ada' ? session : eves}`, { headers: as(owner) });
  const first = await open('ada');
  await open('ada');
  expect((await open('ada')).status).toBe(429);
  // Refused requests, and streams that do not exist, do not count as open.
  expect((await ask(server, 'GET', `/stream/${eves}`, { headers: as('ada') })).status).toBe(429);
  await open('eve');
  expect((await open('eve')).status).toBe(429);
  await first.body?.cancel();
  expect((await ask(server, 'GET', `/stream/${eves}`, { headers: as('ada') })).status).toBe(404);
  expect((await open('eve')).status).toBe(200);
  expect((await ask(server, 'GET', '/sessions', { headers: as('ada') })).status).toBe(200);
});

test('of many streams requested at once, no more are opened than the limit allows', async () => {
  const server = serve({ streams: 5 });
  const session = await field(await create(server, 'ada'), 'session_id');
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => ask(server, 'GET', `/stream/${session}`, { headers: as('ada') })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  // A stream that has ended by itself no longer counts.
  const done = await ask(server, 'POST', '/stream', { headers: as('eve'), json: { prompt: 'hi' } });
  await readFrames(done);
  for (let count = 0; count < 6; count += 1) {
    const next = await ask(server, 'POST', '/stream', { headers: as('eve'), json: { prompt: 'hi' } });
    expect(next.status).toBe(200);
    await readFrames(next);
  }
});

test('an owner has no more turns at once than the limit allows, on all nodes', async () => {
  const store = memoryStore();
  const gate = Promise.withResolvers<void>();
  const slow: Generator = async function* () {
    yield 'x';
    await gate.promise;
  };
  const shared = { store: { ...store, close: async () => {} } };
  const [one, other] = [serve({ running: 2 }, slow, shared), serve({ running: 2 }, slow, shared)];
  const sessions = await Promise.all(
    [1, 2, 3].map(async () => field(await create(one, 'ada'), 'session_id')),
  );
  const [first = '', second = '', third = ''] = sessions;
  expect((await send(one, 'ada', first)).status).toBe(202);
  expect((await send(other, 'ada', second)).status).toBe(202);
  expect((await send(one, 'ada', third)).status).toBe(429);
  // A second message in the same session waits, and no other turn runs beside it.
  expect((await send(other, 'ada', first)).status).toBe(202);
  gate.resolve();
  await vi.waitFor(async () => expect((await send(one, 'ada', third)).status).toBe(202), { timeout: 5_000 });
});

const spender: Generator = async function* () {
  yield 'a';
  yield { type: 'usage', usage: { output_tokens: 60 } };
  yield 'b';
  yield { type: 'usage', usage: { output_tokens: 60 } };
  yield 'c';
};

test.each<[string, Rate[], string[]]>([
  ['turns', [rate('turns', 2)], ['completed', 'completed', 'failed', 'failed']],
  ['output tokens', [rate('output_tokens', 200)], ['completed', 'failed', 'failed', 'failed']],
  ['tokens of one session', [rate('output_tokens', 200, 'session')], Array(4).fill('completed')],
])('a budget of %s ends turns when it is used up, even in their middle', async (_, rates, outcomes) => {
  const server = serve({ rates }, spender);
  const seen: unknown[] = [];
  while (seen.length < outcomes.length) {
    const session = await field(await create(server, 'ada'), 'session_id');
    await send(server, 'ada', session);
    const stream = await ask(server, 'GET', `/stream/${session}`, { headers: as('ada') });
    const frames = await readFrames(stream, ({ data }) => data.includes('"type":"message_end"'));
    const end: unknown = JSON.parse(frames.at(-1)?.data ?? '');
    seen.push(end);
  }
  expect(seen.map((end) => Reflect.get(Object(end), 'outcome') as unknown)).toEqual(outcomes);
  for (const end of seen.filter((each) => Reflect.get(Object(each), 'outcome') === 'failed'))
    expect(end).toMatchObject({ error: { code: 'over_budget' } });
});

test('a budget of seconds is checked before a turn begins', async () => {
  const server = serve({ rates: [rate('seconds', 1)] }, async function* () {
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    yield 'x';
  });
  const once = async () =>
    (
      await readFrames(await ask(server, 'POST', '/stream', { headers: as('ada'), json: { prompt: 'x' } }))
    ).map(({ event }) => event);
  expect(await once()).toEqual(['content', 'end']);
  expect(await once()).toEqual(['error', 'end']);
});

test('a limiter that fails is answered like a store that is out of reach', async () => {
  const server = serve({
    rates: [
      { of: 'sessions', per: 'owner', limiter: { consume: () => Promise.reject(new Error('secret')) } },
    ],
  });
  const refused = await create(server, 'ada');
  expect(refused.status).toBe(503);
  expect(await refused.text()).not.toContain('secret');
});

test('a rate that would never count is refused', () => {
  expect(() => serve({ rates: [rate('turns', 1, 'address')] })).toThrow('turns are counted per owner');
  expect(() => serve({ rates: [rate('sessions', 1, 'session')] })).toThrow('per owner or address');
});

test('a metered request has all fields of its request, and does not watch the connection unless asked', () => {
  const given = {
    method: 'GET',
    path: '/sessions',
    query: new URLSearchParams('before=1'),
    address: '192.0.2.1',
    mount: '/agent',
    header: (name: string) => `value of ${name}`,
    body: async () => new Uint8Array(),
    fieldOfALaterVersion: 'kept',
  };
  let watched = 0;
  const gone = new AbortController().signal;
  const watching = Object.defineProperty(given, 'gone', {
    get: () => {
      watched += 1;
      return gone;
    },
  });
  const metered = createQuotas({}, memoryStore()).meter(watching, {});
  expect(watched).toBe(0);
  expect(metered.gone).toBe(gone);
  expect(metered.header('host')).toBe('value of host');
  for (const name of ['method', 'path', 'query', 'address', 'mount', 'fieldOfALaterVersion'])
    expect(Reflect.get(metered, name), name).toBe(Reflect.get(given, name));
});

test('if no streams are counted, a stream writes to the very sink of its response', async () => {
  const reply: Reply = { type: 'stream', status: 200, headers: {}, open: () => () => {} };
  const quotas = createQuotas({ running: 1 }, memoryStore());
  expect(await quotas.countStream({ owner: 'ada' }, async () => reply)).toBe(reply);
});

test('a counted stream writes to a sink of a class, and has all fields of it', async () => {
  class PrivateSink implements Sink {
    readonly fieldOfALaterVersion = 'kept';
    readonly #seen: string[] = [];
    write(text: string): void {
      this.#seen.push(text);
    }
    get held(): number {
      return this.#seen.length;
    }
    drained(wake: () => void): void {
      this.#seen.push('drained');
      wake();
    }
    close(how: 'end' | 'cut'): void {
      this.#seen.push(how);
    }
    get seen(): readonly string[] {
      return this.#seen;
    }
  }
  const later: unknown[] = [];
  const answer = async (): Promise<Reply> => ({
    type: 'stream',
    status: 200,
    headers: {},
    open: (sink) => {
      sink.write('text');
      later.push(sink.held, Reflect.get(sink, 'fieldOfALaterVersion'));
      sink.drained(() => sink.close('end'));
      return () => {};
    },
  });
  const quotas = createQuotas({ streams: 1 }, memoryStore());
  const sink = new PrivateSink();
  for (let count = 0; count < 2; count += 1) {
    const reply = await quotas.countStream({ owner: 'ada' }, answer);
    if (reply.type === 'stream') reply.open(sink);
  }
  expect(sink.seen).toEqual(['text', 'drained', 'end', 'text', 'drained', 'end']);
  expect(later).toEqual([1, 'kept', 4, 'kept']);
});
