import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { playCase } from './client-cases.fixture.ts';
import type { CaseServer, ClientCase } from './client-cases.fixture.ts';
import { createEventStream } from './index.ts';
import type { EventStream, EventStreamOptions, StreamMessage } from './index.ts';

const cases: readonly ClientCase[] = JSON.parse(
  readFileSync(new URL('./client-cases.json', import.meta.url), 'utf8'),
);
const ofNode = cases.filter((one) => one.expect.browserOnly === undefined && !one.expect.processAlive);

// Cases in which this client does better by default than a browser's EventSource. Each has its own test below
// or in reconnection.test.ts.
const better = [
  /^status (210|503) /,
  /^MIME /,
  /^follows /,
  /^reconnect after 30/,
  /redirect$/,
  /^delay 3000/,
];
// A redirect is refused, so that no credentials are sent along. A response of another type is retried.
const onlyPlain = (one: ClientCase): boolean =>
  better.some((name) => name.test(one.name)) || /missing Location/.test(one.name);

interface Played {
  readonly server: CaseServer;
  readonly stream: EventStream;
  readonly events: StreamMessage[];
  /** The `readyState` at each error event. `opened` counts its open events. */
  readonly errors: ('connecting' | 'closed')[];
  opened: number;
  /** The waits between attempts, in milliseconds. */
  readonly waits: number[];
}

/** Reads the server of a case. Waits between attempts are recorded and cut short. */
async function play(one: ClientCase, options: EventStreamOptions): Promise<Played> {
  const server = await playCase(one.server);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { bodies, method, options: own } = one.expect;
  const readTimeout = /read-timeout, (\d+) ms/.exec(one.name)?.[1];
  const url = one.name.startsWith('URL credentials') ? server.url.replace('//', '//me:secret@') : server.url;
  const played: Omit<Played, 'stream'> = { server, events: [], errors: [], opened: 0, waits: [] };
  const stream = createEventStream(url, {
    ...own,
    ...(method && { method, body: bodies?.[0] ?? '{}', resume: bodies !== undefined }),
    ...(readTimeout !== undefined && { readTimeoutMs: Number(readTimeout) }),
    ...(one.expect.secondRequestLacks !== undefined && { headers: { authorization: 'Bearer secret' } }),
    onConnection: (connection) => {
      if (connection === 'live') played.opened += 1;
      if (connection === 'waiting') played.errors.push('connecting');
      if (connection === 'closed') played.errors.push('closed');
    },
    timing: {
      sleep: (ms, signal) => {
        played.waits.push(ms);
        return new Promise((resolve) => {
          setTimeout(resolve, one.expect.closeAfterMs === undefined ? Math.min(ms, 5) : ms);
          signal.addEventListener('abort', () => resolve());
        });
      },
      random: () => 0.9,
      now: () => performance.now() + played.waits.reduce((sum, ms) => sum + ms, 0),
    },
    ...options,
  });
  onTestFinished(() => stream.close());
  void read(stream, played.events);
  if (one.expect.closeAfterMs !== undefined) setTimeout(stream.close, one.expect.closeAfterMs);

  const isOver = (): boolean =>
    stream.connection === 'closed' ||
    server.requests.length > one.server.length ||
    isHeld(one, played.server);
  await vi.waitFor(() => expect(isOver()).toBe(true), { timeout: 5_000, interval: 5 });
  // A client that would send another request does so in this time.
  const patience = one.expect.afterMs ?? (one.expect.closeAfterMs === undefined ? 100 : 400);
  await new Promise((resolve) => setTimeout(resolve, patience));
  return { ...played, opened: played.opened, stream };
}

/** Reads the stream to its end, however it ends. */
async function read(stream: EventStream, events: StreamMessage[]): Promise<void> {
  try {
    for await (const message of stream) events.push(message);
  } catch {
    // The connection reports the error, too.
  }
}

function isHeld(one: ClientCase, server: CaseServer): boolean {
  return one.server.at(-1)?.then === 'hold' && server.requests.length === one.server.length;
}

function judge({ expect: wanted, server: steps }: ClientCase, played: Played): void {
  const { server, stream, events, errors } = played;
  const requests = server.requests.slice(0, steps.length);
  if (wanted.events) {
    expect(events.slice(0, wanted.events.length).map(({ data }) => ({ data }))).toEqual(wanted.events);
    if (wanted.readyState) expect(events).toHaveLength(wanted.events.length);
  }
  if (wanted.readyState) expect(stream.connection).toBe('closed');
  if (wanted.requests !== undefined) {
    const all = stream.connection === 'closed' ? server.requests : requests;
    expect(all).toHaveLength(wanted.requests);
  }
  // The script does not cover the end of the last response.
  const scripted = errors.slice(0, Math.max(1, steps.length - 1));
  if (wanted.errors !== undefined) expect(scripted).toHaveLength(wanted.errors);
  if (wanted.open !== undefined) expect(played.opened).toBe(wanted.open);
  if (wanted.errorReadyStates) expect(errors).toEqual(wanted.errorReadyStates);
  for (const [index, headers] of (wanted.requestHeaders ?? []).entries()) {
    for (const [name, value] of Object.entries(headers))
      expect(requests[index]?.headers[name] ?? null).toBe(value);
  }
  for (const [index, headers] of (wanted.requestHeadersHex ?? []).entries()) {
    for (const [name, hex] of Object.entries(headers))
      expect(Buffer.from(requests[index]?.headers[name] ?? '', 'latin1').toString('hex')).toBe(hex);
  }
  if (wanted.secondRequestLacks !== undefined) {
    expect(requests).toHaveLength(2);
    expect(requests[0]?.headers).toHaveProperty(wanted.secondRequestLacks);
    expect(requests[1]?.headers).not.toHaveProperty(wanted.secondRequestLacks);
  }
  if (wanted.paths) expect(requests.map(({ path }) => path)).toEqual(wanted.paths);
  if (wanted.urlProperty) expect(stream.url).toBe(server.url);
  if (wanted.origin !== undefined) {
    expect(events[0]?.origin).toBe(wanted.origin.replace('127.0.0.1:OTHER', server.other));
  }
  if (wanted.method) for (const { method } of requests) expect(method).toBe(wanted.method);
  if (wanted.bodies) expect(requests.map(({ body }) => body)).toEqual(wanted.bodies);
  if (wanted.reconnectDelayMs !== undefined) {
    const [wait = 0] = played.waits;
    expect(Math.abs(wait / wanted.reconnectDelayMs - 1)).toBeLessThanOrEqual(wanted.tolerance ?? 0);
  }
  if (wanted.maxRequestsPerSecond !== undefined) {
    for (const wait of played.waits) expect(wait).toBeGreaterThanOrEqual(1_000 / wanted.maxRequestsPerSecond);
  }
}

describe('a scripted server, read as an EventSource reads it', () => {
  test.each(ofNode)('$name', async (one) => {
    judge(one, await play(one, { compat: 'eventsource' }));
  });
});

describe('a scripted server, read by default', () => {
  test.each(ofNode.filter((one) => !onlyPlain(one) && one.expect.maxRequestsPerSecond === undefined))(
    '$name',
    async (one) => {
      judge(one, await play(one, {}));
    },
  );

  test.each(ofNode.filter((one) => /^(status (210|503)|MIME) /.test(one.name)))(
    'tries again where an EventSource gives up: $name',
    async (one) => {
      const { server, stream, events } = await play(one, {});
      expect(server.requests.length).toBeGreaterThan(1);
      expect(stream.connection).toBe('connecting');
      expect(events).toEqual([]);
    },
  );

  test.each(ofNode.filter((one) => one.server.some(({ status }) => status > 300 && status < 400)))(
    'does not follow a redirect unless told to: $name',
    async (one) => {
      const { server } = await play(one, {});
      expect(server.requests.length).toBeGreaterThan(1);
      expect(server.requests.map(({ path }) => path)).not.toContain('/target');
    },
  );
});

describe('a Node process that only waits to reconnect', () => {
  const one = cases.find((each) => each.expect.processAlive);
  const index = fileURLToPath(new URL('./index.ts', import.meta.url));

  async function run(options: string): Promise<string> {
    if (one === undefined) throw new Error('There is no such case.');
    await using server = await playCase(one.server);
    const code = `
      import { createEventStream } from ${JSON.stringify(index)};
      const stream = createEventStream(${JSON.stringify(server.url)}, ${options});
      for await (const { data } of stream) {
        process.stdout.write(data);
        if (data === 'y') process.exit();
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await once(child, 'close');
    return out;
  }

  test('stays alive', async () => {
    expect(await run(`{ compat: 'eventsource' }`)).toBe('xy');
  });

  test('ends if its option says so', async () => {
    expect(await run(`{ compat: 'eventsource', ref: false }`)).toBe('x');
  });
});
