// Rows of the fault matrix that a network between client and server causes. Times are a hundred times
// shorter.
import { once } from 'node:events';
import { createServer as createHttpServer, request as ask } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import { fetchQuietLog } from '../rig/http-client.ts';
import { createClient } from '../../src/client/index.ts';
import type { ClientOptions, Connection, ConnectionDetail } from '../../src/client/index.ts';
import { memoryStore } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import type { Listening } from '../../src/node/index.ts';
import { defineAgent } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import type { Server } from '../../src/server/index.ts';
import { check, createFaultProxy, createHistory } from '../../src/testing/index.ts';
import type { HistoryRecorder, ReaderRecorder } from '../../src/testing/index.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const words = Array.from({ length: 30 }, (_, index) => `wörd${index} 語 `);
const agent = defineAgent({
  open: () =>
    async function* () {
      for (const word of words) {
        await delay(20);
        yield word;
      }
    },
});

let server: Server;
let listening: Listening;
const cleanUp = createCleanUp();
beforeEach(async () => {
  server = createServer({ store: memoryStore(), agent, gatherMs: 0, keepaliveMs: 150, maxAgeMs: 1_000 });
  listening = await listen(server, { port: 0 });
  cleanUp(() => listening.close(0));
});

interface Followed {
  readonly session: string;
  readonly states: readonly (readonly [Connection, ConnectionDetail])[];
  error?: unknown;
  /** Waits until a number of turn ends was received, and checks the history. */
  judge(turns?: number): Promise<void>;
}

/** Follows a new session through the proxy at `url`, and sends a message to it directly. */
async function follow(url: string, options: ClientOptions = {}): Promise<Followed> {
  const client = createClient({
    ...options,
    url,
    timing: { readTimeoutMs: 3_000, openingMs: 3_000, ...options.timing },
  });
  const direct = createClient({ url: listening.url });
  const { id } = await direct.create();
  const history = createHistory();
  const reader = history.reader({ reader: url, session: id, principal: 'anonymous' });
  const states: [Connection, ConnectionDetail][] = [];
  const leave = new AbortController();
  const followed: Followed = { session: id, states, judge: (turns = 1) => judge(history, reader, id, turns) };

  const run = async (): Promise<void> => {
    let connection = reader.connect();
    const onConnection = (state: Connection, detail: ConnectionDetail): void => {
      states.push([state, detail]);
      if (state === 'connecting') connection = reader.connect();
    };
    for await (const received of client.session(id).events({ signal: leave.signal, onConnection }))
      connection.receive(received);
  };
  const done = run().catch((error: unknown) => (followed.error = error));
  cleanUp(async () => {
    leave.abort();
    await done;
  });
  await direct.session(id).send('Hi');
  return followed;
}

async function judge(
  history: HistoryRecorder,
  reader: ReaderRecorder,
  session: string,
  turns: number,
): Promise<void> {
  const log = await fetchQuietLog(() => listening.url, session, turns, 10_000);
  await vi.waitFor(() => expect(reader.last).toBe(log.entries.at(-1)?.id), { timeout: 15_000 });
  history.log(log);
  expect(check(history.toHistory())).toEqual([]);
}

type Front = (request: IncomingMessage, response: ServerResponse, pass: () => void) => void;

/** Puts an HTTP server before the server. `pass` forwards a request unchanged. */
async function putBefore(front: Front): Promise<string> {
  const target = new URL(listening.url);
  const http = createHttpServer((request, response) => {
    front(request, response, () => {
      const { method, url: path, headers } = request;
      const onward = ask({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.on('error', () => response.destroy());
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    });
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  cleanUp(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

test('F3: the client notices silence, and the server by the maximum age of a connection', async () => {
  const proxy = await createFaultProxy({
    port: Number(new URL(listening.url).port),
    seed: 3,
    plan: (connection) => (connection === 0 ? { down: { cut: { atByte: 900, how: 'silence' } } } : {}),
  });
  cleanUp(() => proxy.close());
  const started = performance.now();
  const followed = await follow(proxy.url, { timing: { silentMs: 375 } });
  await vi.waitFor(
    () => expect(followed.states.filter(([state]) => state === 'connecting')).toHaveLength(2),
    {
      timeout: 5_000,
    },
  );
  expect(performance.now() - started).toBeLessThan(3_000);
  await followed.judge();
  // The server's socket still reports the silent connection as open.
  await vi.waitFor(() => expect(server.load.streams).toBeLessThanOrEqual(1), { timeout: 5_000 });
});

test('F16: the client retries after an HTML page, a 502 and a 503 with Retry-After in place of a stream', async () => {
  const asked: number[] = [];
  const url = await putBefore((_, response, pass) => {
    asked.push(performance.now());
    if (asked.length === 1)
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    else if (asked.length === 2)
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>');
    else if (asked.length === 3) response.writeHead(503, { 'retry-after': '1' }).end();
    else pass();
  });
  const followed = await follow(url);
  await followed.judge();
  expect((asked[3] ?? 0) - (asked[2] ?? 0)).toBeGreaterThanOrEqual(1_000);
  expect(
    followed.states.filter(([state]) => state === 'waiting').map(([, { error }]) => error?.name),
  ).toEqual(['ClientError', 'ClientError', 'ClientError']);
});

test('F17: the client fetches new credentials once after a 401, and a second 401 is an error', async () => {
  const asked: (string | undefined)[] = [];
  const url = await putBefore((request, response, pass) => {
    asked.push(request.headers.authorization);
    if (request.headers.authorization === 'Bearer 2') pass();
    else response.writeHead(401).end();
  });
  let token = 0;
  const good = await follow(url, { headers: () => ({ authorization: `Bearer ${(token += 1)}` }) });
  await good.judge();
  expect(asked.slice(0, 2)).toEqual(['Bearer 1', 'Bearer 2']);

  const bad = await follow(url, { headers: async () => ({ authorization: 'Bearer none' }) });
  await vi.waitFor(() => expect(bad.error).toMatchObject({ name: 'ClientError', status: 401 }));
  await delay(300);
  expect(asked.filter((each) => each === 'Bearer none')).toHaveLength(2);
});

test('F19: the application does not notice a proxy that cuts every connection after a while', async () => {
  const { port } = new URL(listening.url);
  const proxy = createTcpServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    setTimeout(() => near.destroy(), 250);
    near.on('close', () => far.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  cleanUp(() => proxy.close());
  const followed = await follow(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  await followed.judge();
  expect(followed.states.filter(([state]) => state === 'live').length).toBeGreaterThan(1);
  expect(followed.error).toBeUndefined();
});

test.each([
  ['bodies are', true],
  ['whole responses are', false],
])(
  'F20: where %s held back, the client polls entries, and streams again once a stream passes',
  async (_, begins) => {
    let holdsBack = true;
    const url = await putBefore((request, response, pass) => {
      if (!holdsBack || !request.url?.startsWith('/stream/')) pass();
      // As a proxy that sends a body only when it is complete. A stream's body never is.
      else if (begins) response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    });
    const followed = await follow(url, { timing: { readTimeoutMs: 1_500, openingMs: 250, pollForMs: 500 } });
    await followed.judge();
    // The client waited for the first stream only.
    const states = followed.states.slice(0, 4).map(([state, { via }]) => `${state} ${via}`);
    const expected = [
      'connecting sse',
      ...(begins ? ['live sse'] : []),
      'connecting long-poll',
      'live long-poll',
    ];
    expect(states.slice(0, expected.length)).toEqual(expected);
    expect(followed.states.find(([state, { via }]) => state === 'live' && via === 'long-poll')).toBeDefined();

    holdsBack = false;
    await vi.waitFor(() => expect(followed.states.at(-1)).toMatchObject(['live', { via: 'sse' }]), {
      timeout: 5_000,
    });
    await createClient({ url: listening.url }).session(followed.session).send('Again');
    await followed.judge(2);
  },
);
