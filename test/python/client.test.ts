// The client for Python, `examples/python/heddle_client.py`, run by Debian's Python on real sockets.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import echo from '../../examples/echo-agent.ts';
import { createClient } from '../../src/client/index.ts';
import { frame, idOf } from '../../src/client/scripted-log.fixture.ts';
import { json, reset, startScript, stream } from '../../src/client/scripted-server.fixture.ts';
import type { Seen, Step } from '../../src/client/scripted-server.fixture.ts';
import { memoryStore } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import { defineAgent } from '../../src/protocol/index.ts';
import type { AgentEvent, Turn } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import type { ServerOptions } from '../../src/server/index.ts';
import { createFaultProxy } from '../../src/testing/index.ts';
import type { FaultProxy, Plan } from '../../src/testing/index.ts';
import { root, start } from '../rig/child.ts';
import { fetchQuietLog } from '../rig/http-client.ts';

const ways = ['sync', 'httpx', 'aiohttp'] as const;

async function* sayWords(): AsyncGenerator<AgentEvent> {
  for (let index = 0; index < 60; index += 1) {
    await delay(1);
    yield `wörd${index} 語 `;
  }
}

/** Serves an agent on a real socket. */
async function serve(
  answer: (turn: Turn) => AsyncIterable<AgentEvent>,
  options: Partial<ServerOptions> = {},
): Promise<{ readonly url: string; readonly port: number }> {
  const agent = defineAgent({ open: () => answer });
  const server = createServer({ store: memoryStore(), agent, gatherMs: 0, keepaliveMs: 100, ...options });
  const listening = await listen(server, { port: 0 });
  onTestFinished(() => listening.close(0));
  return { url: listening.url, port: Number(new URL(listening.url).port) };
}

/** Puts a network before a port. It cuts each connection in its first bytes. A shorter response passes. */
async function putBefore(port: number, seed: number, bytes: number): Promise<FaultProxy> {
  const plan: Plan = (_, random) => {
    if (random.chance(0.1)) return { refuse: true };
    const how = random.pick(['rst', 'rst', 'rst', 'fin', 'fin', 'fin', 'silence'] as const);
    const slice = random.chance(0.3) ? { slice: { min: 1, max: 7 } } : {};
    return { down: { cut: { atByte: random.integer(0, bytes), how }, ...slice } };
  };
  const proxy = await createFaultProxy({ port, plan, seed });
  onTestFinished(() => proxy.close());
  return proxy;
}

type PythonStep = readonly [name: string, args: object];

/** Runs Python where the client can be imported, and returns its output. */
async function runPython(...args: readonly string[]): Promise<string> {
  const env = { PYTHONPATH: join(root, 'examples/python'), PYTHONDONTWRITEBYTECODE: '1' };
  const child = start('/usr/bin/python3', args, { env });
  onTestFinished(async () => void (await child.stop()));
  const [code] = await once(child.process, 'close');
  expect(code, child.output()).toBe(0);
  return child.output();
}

/** Runs steps of `steps.py` in one process, and returns what each of them returns. */
async function python<Results extends readonly unknown[]>(...steps: readonly PythonStep[]): Promise<Results> {
  return JSON.parse(await runPython(join(root, 'test/python/steps.py'), JSON.stringify(steps)));
}

test('the parser reads every case of the format, however the bytes are cut', async () => {
  expect(await python(['parse_cases', { path: join(root, 'src/wire/wire-cases.json') }])).toEqual([[]]);
});

test('an IPv6 address without a port has the port of its scheme', async () => {
  const script = `import heddle_client
for url in ("http://[::1]", "https://[::1]", "http://[::1]:8000"):
    client = heddle_client.Client(url)
    connection = client._connect(client._host, client._port)
    print(connection.host, connection.port)`;
  expect(await runPython('-c', script)).toBe('::1 80\n::1 443\n::1 8000\n');
});

test('every entry comes once and in order through a network of faults, over each library', async () => {
  const { url, port } = await serve(sayWords);
  const session = await createClient({ url }).create();
  const proxies = await Promise.all(ways.map((_, index) => putBefore(port, 40 + index, 2_500)));
  const following = proxies.map((proxy, index) =>
    python(['follow', { url: proxy.url, session: session.id, via: ways[index], silence: 0.3, ends: 2 }]),
  );
  await session.send('Hi');
  await fetchQuietLog(() => url, session.id, 1, 10_000);
  await session.send('Again');
  const { entries } = await fetchQuietLog(() => url, session.id, 2, 10_000);
  const items = entries.map(({ id, event }) => [id, event]);
  expect(items.length).toBeGreaterThan(120);
  for (const followed of following) expect(await followed).toEqual([items]);
  for (const { cuts } of proxies) expect(cuts).toBeGreaterThan(5);
});

test('a message is sent once through such a network', async () => {
  const asked: unknown[] = [];
  const { url, port } = await serve(async function* ({ input }) {
    asked.push(input.type === 'message' && input.content);
    yield 'yes';
  });
  const proxy = await putBefore(port, 7, 700);
  const [sessions] = await python<[string[]]>(['send_many', { url: proxy.url, count: 6 }]);
  for (const session of sessions) {
    const { entries } = await fetchQuietLog(() => url, session, 2, 10_000);
    const contents = entries.flatMap(({ event }) => (event.type === 'message' ? [event.content] : []));
    expect(contents).toEqual(['first', 'second']);
  }
  expect(asked.toSorted()).toEqual([...Array(6).fill('first'), ...Array(6).fill('second')]);
  expect(proxy.cuts).toBeGreaterThan(5);
});

test('a lost session or a bad token ends the loop, and a renewed token goes on after the last entry', async () => {
  const expiry = new Map([['bad', 0]]);
  const { promise: areRenewed, resolve } = Promise.withResolvers<void>();
  const { url } = await serve(
    async function* () {
      yield* sayWords();
      await areRenewed;
      yield* sayWords();
    },
    {
      authenticate: (request) => {
        const token = request.header('authorization')?.replace('Bearer ', '') ?? '';
        // A short token is good for a while after its first use. A busy machine opens the stream meanwhile.
        if (!expiry.has(token)) expiry.set(token, token.startsWith('short') ? Date.now() + 2_000 : Infinity);
        if (ways.every((via) => expiry.has(`good-${via}`))) resolve();
        const expiresAt = expiry.get(token) ?? 0;
        return expiresAt > Date.now()
          ? { owner: 'ada', ...(expiresAt < Infinity && { expiresAt }) }
          : undefined;
      },
    },
  );
  const session = await createClient({ url, headers: { authorization: 'Bearer good' } }).create();
  await session.send('Hi');
  const one = { url, session: session.id };
  const steps = ways.flatMap((via): readonly PythonStep[] => [
    ['follow', { url, session: 'nothing', via, token: 'good' }],
    ['follow', { ...one, via, token: 'bad' }],
    ['follow', { ...one, via, token: ['bad'] }],
    ['follow', { ...one, via, token: [`short-${via}`, 'bad', `good-${via}`] }],
  ]);
  const [results] = await python<[unknown[][]]>(['at_once', { steps }]);

  const entries: unknown[] = [];
  for await (const { id, event } of session.events()) {
    entries.push([id, event]);
    if (event.type === 'message_end') break;
  }
  const refused = { error: 'unauthorized', status: 401 };
  for (const [index, via] of ways.entries()) {
    const [lost, fixed, twice, renewed = []] = results.slice(index * 4);
    expect(lost).toEqual([{ error: 'not_found', status: 404 }]);
    expect(fixed).toEqual([refused]);
    expect(twice).toEqual([refused, { asked: ['bad', 'bad'] }]);
    expect(renewed.at(-1)).toEqual({ asked: [`short-${via}`, 'bad', `good-${via}`] });
    expect(renewed).toContainEqual([null, { type: 'auth_expired' }]);
    expect(renewed.filter((item) => Array.isArray(item) && item[0] !== null)).toEqual(entries);
  }
});

const problem = (status: number, code: string, headers?: Record<string, string>): Step =>
  json(status, { code, detail: 'No.' }, headers);
const html =
  (status: number): Step =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Hi</h1>');
const raw =
  (text: string): Step =>
  (response) =>
    void response.socket?.end(text);
const said = (seq: number): string => frame(seq, { type: 'content' });
const end = (seq: number): string => frame(seq, { type: 'message_end' });
const seen = (seq: number): object => ({ id: idOf(seq), type: seq > 2 ? 'message_end' : 'content' });
const rest = stream(said(1) + said(2) + end(3));
const wait = (seconds: number): object => ({ wait: seconds });
const all = [seen(1), seen(2), seen(3)];
const receipt = json(202, { message_id: 'm', turn_id: 't', id: '2-aaaaaa' });
const sent = { sent: ['m', 't', '2-aaaaaa'] };

interface Script {
  readonly name: string;
  readonly steps: readonly [Step, ...Step[]];
  readonly options?: { readonly call?: true; readonly after?: string; readonly waits?: number };
  /** The events and the waits, in order. Each wait is the longest that chance allows. */
  readonly plays: readonly object[];
  readonly resumes?: readonly (string | undefined)[];
}

// The times are those of a clock that only waits move.
const scripts: readonly Script[] = [
  {
    name: 'a clean end is no end',
    steps: [stream(said(1)), stream(said(2), 'reset'), stream(end(3))],
    plays: [seen(1), wait(0.25), seen(2), wait(0.25), seen(3)],
    resumes: [undefined, idOf(1), idOf(2)],
  },
  {
    name: 'a frame that was cut comes again, and a whole one does not',
    steps: [stream(`${said(1)}${said(2).slice(0, -1)}`, 'reset'), stream(said(1) + said(2) + end(3))],
    plays: [seen(1), wait(0.25), seen(2), seen(3)],
    resumes: [undefined, idOf(1)],
  },
  {
    name: 'a clean end in the headers or after them is a cut',
    steps: [
      raw('HTTP/1.1 200 OK\r\ncontent-type: text/ev'),
      raw('HTTP/1.1 404 Not Found\r\n'),
      raw('HTTP/1.1 20'),
      rest,
    ],
    plays: [wait(0.25), wait(0.5), wait(1), ...all],
  },
  {
    name: 'an entry of several frames goes on in its middle',
    steps: [
      stream(said(1).replace('1-aaaaaa', '1-aaaaaa~0')),
      stream(said(1).replace('1-aaaaaa', '1-aaaaaa~1') + said(1) + said(2) + end(3)),
    ],
    plays: [{ ...seen(1), id: '1-aaaaaa~0' }, wait(0.25), { ...seen(1), id: '1-aaaaaa~1' }, ...all],
    resumes: [undefined, '1-aaaaaa~0'],
  },
  {
    name: 'missing entries are asked for again, and are an error if they stay away',
    steps: [stream(said(1) + end(3)), stream(end(3))],
    plays: [seen(1), wait(0.25), wait(0.5), { error: 'gap', status: null }],
    resumes: [undefined, idOf(1), idOf(1)],
  },
  {
    name: 'a resync moves on to the end of its state',
    steps: [stream(`data: {"type":"resync","state":{"last":"${idOf(1)}"}}\n\n`), stream(said(2) + end(3))],
    options: { after: idOf(9) },
    plays: [{ id: null, type: 'resync', state: { last: idOf(1) } }, wait(0.25), seen(2), seen(3)],
    resumes: [idOf(9), idOf(1)],
  },
  {
    name: 'a resync without a state comes again until an entry has come',
    steps: [
      stream('data: {"type":"resync"}\n\n'),
      stream(`data: {"type":"resync"}\n\n${said(2)}`),
      stream(end(3)),
    ],
    options: { after: idOf(9) },
    plays: [
      { id: null, type: 'resync' },
      wait(0.25),
      { id: null, type: 'resync' },
      seen(2),
      wait(0.25),
      seen(3),
    ],
    resumes: [idOf(9), idOf(9), idOf(2)],
  },
  {
    name: 'Retry-After comes on top of the wait, also for a full server',
    steps: [
      problem(503, 'draining', { 'retry-after': '7' }),
      problem(429, 'too_many', { 'retry-after': '2' }),
      problem(503, 'draining', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }),
      problem(503, 'draining', { 'retry-after': 'soon' }),
      rest,
    ],
    plays: [wait(7.25), wait(2.5), wait(1), wait(2), ...all],
  },
  {
    name: 'the server chooses the base of the waits, and there are five attempts in ten seconds at most',
    steps: [stream('retry: 300\n\n')],
    options: { waits: 9 },
    plays: [0.25, 0.3, 0.6, 1.2, 7.65, 4.8, 9.6, 19.2, 30].map(wait),
  },
  {
    name: 'a huge or tiny retry is bounded',
    steps: [stream(`retry: ${'9'.repeat(5_000)}\n\n`), stream('retry: 0\n\n')],
    options: { waits: 3 },
    plays: [0.25, 0.25, 0.5].map(wait),
  },
  {
    name: 'each event counts the failures anew, and the budget of attempts holds all the same',
    steps: [1, 2, 3, 4, 5].map((seq) => stream(frame(seq, { type: 'content' }))) as [Step, ...Step[]],
    options: { waits: 5 },
    plays: [1, 2, 3, 4, 5].flatMap((seq) => [{ id: idOf(seq), type: 'content' }, wait(seq < 5 ? 0.25 : 9)]),
  },
  {
    name: 'other servers may answer during a deploy',
    steps: [html(404), html(200), html(502), problem(503, 'unavailable'), rest],
    plays: [wait(0.25), wait(0.5), wait(1), wait(2), ...all],
  },
  {
    name: 'a url that only strangers answer is given up in the end',
    steps: [html(404)],
    plays: [...[0.25, 0.5, 1, 2, 6.25, 8, 16, 30, 30].map(wait), { error: 'refused', status: 404 }],
  },
  {
    name: 'a refusal of Heddle is final',
    steps: [problem(400, 'malformed')],
    plays: [{ error: 'malformed', status: 400 }],
  },
  {
    name: 'a call is sent six times with one key',
    steps: [reset],
    options: { call: true },
    plays: [...[0.25, 0.5, 1, 2, 6.25].map(wait), { error: 'unreachable', status: null }],
  },
  {
    name: 'a call counts no other answer than the receipt',
    steps: [
      html(200),
      json(202, { status: 'ok' }),
      raw('HTTP/1.1 202 Accepted\r\ncontent-le'),
      raw('HTTP/1.1 409 Conflict\r\n'),
      receipt,
    ],
    options: { call: true },
    plays: [wait(0.25), wait(0.5), wait(1), wait(2), sent],
  },
  {
    name: 'a call learns at once that a queue is full',
    steps: [problem(429, 'queue_full', { 'retry-after': '7' })],
    options: { call: true },
    plays: [{ error: 'queue_full', status: 429 }],
  },
  {
    name: 'a call learns at once that a proxy takes no body of this size',
    steps: [html(413)],
    options: { call: true },
    plays: [{ error: 'refused', status: 413 }],
  },
  {
    name: 'a call waits for a server that restarts, and follows no redirect',
    steps: [
      problem(503, 'draining', { 'retry-after': '7' }),
      (response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
      receipt,
    ],
    options: { call: true },
    plays: [wait(7.25), wait(0.5), sent],
  },
];

test('every failure has its wait, or its error', async () => {
  const servers = await Promise.all(scripts.map(({ steps }) => startScript(...steps)));
  onTestFinished(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
  });
  const plays = scripts.map(({ options }, index): PythonStep => [
    'play',
    { url: servers[index]?.url, ...options },
  ]);
  const played = await python(...plays);
  for (const [index, { name, plays, resumes, options }] of scripts.entries()) {
    expect(played[index], name).toEqual(plays);
    const requests: readonly Seen[] = servers[index]?.requests ?? [];
    if (resumes)
      expect(
        requests.map(({ headers }) => headers['last-event-id']),
        name,
      ).toEqual(resumes);
    if (!options?.call) continue;
    const keys = requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys, name).toEqual(keys.map(() => expect.stringMatching(/^[0-9a-f]{32}$/)));
    expect(new Set(keys).size, name).toBe(1);
  }
});

test('a client sends, answers, cancels, withdraws, reads, lists and deletes', async () => {
  const { url } = await serve(async function* ({ input, signal }) {
    if (input.type === 'message' && input.content === 'ask') {
      yield { type: 'approval_request', approval: 'a1', reason: 'pay?' };
      return;
    }
    yield 'well';
    if (input.type === 'message' && !signal.aborted) await once(signal, 'abort');
  });
  expect(await python(['converse', { url }])).toEqual([
    {
      answer: { yes: null },
      answered: ['too_late', 409],
      busy: ['busy', 409],
      outcome: 'cancelled',
      started: ['too_late', 409],
      users: true,
      window: [true, ['malformed', 400]],
      listed: true,
      gone: [
        ['not_found', 404],
        ['not_found', 404],
      ],
    },
  ]);
});

test('a reader after an unknown entry gets the state, and the events after it', async () => {
  const { url } = await serve(sayWords);
  const [came] = await python<[{ readonly last: string }]>(['come_back_unknown', { url }]);
  const resync = { type: 'resync', reason: 'beyond', from: '99-aaaaaa' };
  expect(came).toMatchObject({ first: [null, { ...resync, state: { last: came.last } }], exact: true });
});

test.each([
  ['a loop', 'client.create(message='],
  ['asyncio', 'httpx.AsyncClient()'],
])('the code of the page prints the answer: %s', async (_, words) => {
  const { url } = await serve(echo);
  const page = readFileSync(join(root, 'docs/clients.md'), 'utf8');
  const blocks = [...page.matchAll(/```python\n(.*?)```/gs)].map(([, text = '']) => text);
  const [code = '', ...others] = blocks.filter((text) => text.includes(words));
  expect(others).toEqual([]);
  expect(await runPython('-c', code.replaceAll('http://127.0.0.1:8000', url))).toBe(
    'You said: What is a heddle? ',
  );
});

test('what cannot be sent is an error at once', async () => {
  expect(await python(['refuse_input', {}])).toEqual([
    [...Array(6).fill('ValueError'), 'ValueError', 'ValueError', 'KeyError'],
  ]);
});
