import { afterEach, expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { defineAgent } from '../protocol/index.ts';
import { createBlocks, createServer } from './index.ts';
import type { Principal, Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field, readFrames } from './server.fixture.ts';

const servers: Server[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) await server.close(0);
});

const month = 30 * 86_400_000;
const nonsense = [Number.NaN, -1, '1000', null, -Infinity];
// Options by kind: timers, counts, ages that are compared with a clock, and times that must be finite.
const timers = ['keepaliveMs', 'maxAgeMs', 'limits.turnMs', 'limits.silenceMs', 'cancelMs', 'dueMs'];
const counts = [
  'maxQueue',
  'limits.events',
  'limits.characters',
  'limits.outputTokens',
  'retention.entries',
  'quotas.streams',
  'quotas.streamsPerAddress',
  'quotas.running',
];
const ages = ['approvalMs', 'retention.ageMs', 'retention.onceMs'];
const bounded = ['leaseMs', 'gatherMs'];

test.each<readonly [string, readonly unknown[]]>([
  ...timers.map((name) => [name, [...nonsense, month]] as const),
  ...counts.map((name) => [name, [...nonsense, 1.5]] as const),
  ...ages.map((name) => [name, nonsense] as const),
  ...bounded.map((name) => [name, [...nonsense, month, Infinity]] as const),
])(
  'an invalid %s is refused at creation, with its name, its value, and the values it takes',
  (name, values) => {
    for (const value of values) {
      const create = (): Server => createServer(toOptions(name, value));
      const shown = typeof value === 'string' ? `"${value}"` : String(value);
      expect(create, shown).toThrow(TypeError);
      expect(create, shown).toThrow(`${name}: ${shown} is not taken; it takes a `);
    }
  },
);

test.each([...timers, ...counts, ...ages])('%s may be Infinity', async (name) => {
  servers.push(createServer(toOptions(name, Infinity)));
});

function toOptions(path: string, value: unknown): ServerOptions {
  const [of = '', name] = path.split('.');
  const options: unknown = { [of]: name === undefined ? value : { [name]: value } };
  const agent = defineAgent({ open: () => async function* () {} });
  return { agent, store: memoryStore(), ...Object(options) };
}

test('without limits, a turn and its streams are not ended, and no keepalives are sent', async () => {
  vi.useFakeTimers();
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = createTestServer(
    async function* () {
      yield 'one ';
      await promise;
      yield 'two';
    },
    {
      dueMs: Infinity,
      keepaliveMs: Infinity,
      maxAgeMs: Infinity,
      limits: { turnMs: Infinity, silenceMs: Infinity, outputTokens: Infinity },
      quotas: { running: Infinity, streams: Infinity },
    },
  );
  servers.push(server);
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'hi' } });
  const stream = await ask(server, 'GET', `/stream/${session}`);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(server.counts()).toMatchObject({ keepalives: 0, streams: { typed: 1 } });
  resolve();
  const frames = await Promise.all([
    readFrames(stream, ({ data }) => data.includes('message_end')),
    vi.advanceTimersByTimeAsync(1_000),
  ]);
  expect(frames[0].at(-1)?.data).toContain('"outcome":"completed"');
});

test('an approval without a time limit is still open after years', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const server = createTestServer(
    async function* ({ input }) {
      if (input.type === 'message') yield { type: 'approval_request', approval: 'a', reason: 'why' };
      else yield 'done';
    },
    { approvalMs: Infinity },
  );
  servers.push(server);
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'hi' } });
  await readFrames(await ask(server, 'GET', `/stream/${session}`), ({ data }) =>
    data.includes('message_end'),
  );
  vi.setSystemTime(Date.now() + 10 * 365 * 86_400_000);
  const answer = { approval_id: 'a', decision: true };
  expect((await ask(server, 'POST', `/answer/${session}`, { json: answer })).status).toBe(202);
});

test('a server that is closed without a time limit waits for its turns', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const store = memoryStore();
  const server = createTestServer(
    async function* () {
      yield 'one ';
      await promise;
      yield 'two';
    },
    { store },
  );
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  await ask(server, 'POST', `/message/${session}`, { json: { content: 'hi' } });
  await vi.waitFor(() => expect(server.load.sessions).toBe(1));
  await expect(server.close(Number.NaN)).rejects.toThrow('drainMs: NaN is not taken');
  const closed = server.close(Infinity);
  resolve();
  await closed;
  const page = await store.log.read(session, undefined, 99);
  expect(page.type === 'page' && page.entries.at(-1)?.event).toMatchObject({ outcome: 'completed' });
});

test.each<[string, Partial<Principal>]>([
  ['expiresAt: NaN', { expiresAt: Number.NaN }],
  ['expiresAt: "soon"', JSON.parse('{ "expiresAt": "soon" }')],
  ['credential: it is a bigint', Object({ credential: 1n })],
])('a principal that makes no sense is told to whoever runs the server: %s', async (words, shown) => {
  const told: unknown[] = [];
  const server = createTestServer(async function* () {}, {
    authenticate: () => ({ owner: 'ada', ...shown }),
    onError: (error) => told.push(error),
  });
  servers.push(server);
  expect((await ask(server, 'POST', '/session')).status).toBe(500);
  expect(String(told[0])).toContain(words);
});

test('blocking for an invalid time rejects', async () => {
  const blocks = createBlocks();
  await expect(blocks.block('eve', Number.NaN)).rejects.toThrow('ms: NaN is not taken');
  await blocks.block('eve', Infinity);
  expect(blocks.isBlocked('eve')).toBe(true);
});

test('an invalid retry time of a limiter becomes one second', async () => {
  for (const msBeforeNext of [Number.NaN, Infinity, -1]) {
    const server = createTestServer(async function* () {}, {
      quotas: {
        rates: [
          { of: 'sessions', per: 'owner', limiter: { consume: () => Promise.reject({ msBeforeNext }) } },
        ],
      },
    });
    servers.push(server);
    const response = await ask(server, 'POST', '/session');
    expect([response.status, Number(response.headers.get('retry-after')) <= 5]).toEqual([429, true]);
  }
});

test.each(['Infinity', 'NaN', '-1', '1e3', '', '0x10', '25s'])(
  '"wait=%s" is not a number of seconds',
  async (wait) => {
    const server = createTestServer(async function* () {});
    servers.push(server);
    const session = await field(await ask(server, 'POST', '/session'), 'session_id');
    const response = await ask(server, 'GET', `/events/${session}?wait=${wait}`);
    expect([response.status, await field(response, 'code')]).toEqual([400, 'malformed']);
  },
);
