import { describe, expect, test, vi } from 'vitest';
import { createFakeTiming } from './fake-timing.fixture.ts';
import { frame, idOf, serveLog, turnOf } from './scripted-log.fixture.ts';
import { json, reset, startScript, stream } from './scripted-server.fixture.ts';
import type { ScriptedServer } from './scripted-server.fixture.ts';
import { createClient } from './index.ts';
import type { Client, ClientOptions, EventsOptions, EventAtId } from './index.ts';

const timing = createFakeTiming;
const turn = turnOf('Grüße ', 'aus 東京 ', '👋');
const length = `retry: 1000\n: hello\n\n${turn.map((event, index) => frame(index + 1, event)).join('')}`
  .length;

const to = (server: ScriptedServer, options?: ClientOptions): Client =>
  createClient({ url: server.url, timing: timing(), ...options });

/** Follows a session until an event of this type has come. */
async function follow(
  client: Client,
  last: EventAtId['event']['type'] = 'message_end',
  options?: EventsOptions,
): Promise<readonly EventAtId[]> {
  const all: EventAtId[] = [];
  for await (const received of client.session('s1').events(options)) {
    all.push(received);
    if (received.event.type === last) break;
  }
  return all;
}

const whole = turn.map((event, index) => ({ id: idOf(index + 1), event }));
const lastIds = ({ requests }: ScriptedServer): readonly unknown[] =>
  requests.map(({ headers }) => headers['last-event-id']);

describe('following a session', () => {
  test('yields each entry with its id, in order', async () => {
    await using server = await startScript(serveLog(turn));
    expect(await follow(to(server))).toEqual(whole);
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/stream/s1?dialect=typed' });
    expect(server.requests[0]?.headers).toMatchObject({ accept: 'text/event-stream' });
    expect(lastIds(server)).toEqual([undefined]);
  });

  test('continues after a given id', async () => {
    await using server = await startScript(serveLog(turn));
    expect(await follow(to(server), 'message_end', { after: idOf(3) })).toEqual(whole.slice(3));
    expect(lastIds(server)).toEqual([idOf(3)]);
  });

  test.each(['reset', 'end'] as const)(
    'loses and repeats nothing when a stream is cut by %s at any byte',
    async (by) => {
      // The cuts are a prime distance apart, so that some cut words, characters of several bytes, and ids.
      const cuts = Array.from({ length: Math.ceil(length / 37) }, (_, index) => index * 37);
      for (const bytes of cuts) {
        await using server = await startScript(serveLog(turn, { bytes, by }), serveLog(turn));
        expect(await follow(to(server))).toEqual(whole);
        expect(server.requests.length).toBeLessThanOrEqual(2);
      }
    },
  );

  test('reaches the end even if every connection is cut after a few bytes', async () => {
    await using server = await startScript(serveLog(turn, { bytes: 150, by: 'reset' }));
    expect(await follow(to(server))).toEqual(whole);
    expect(server.requests.length).toBeGreaterThan(5);
  });

  test('reads the same from one byte at a time', async () => {
    await using server = await startScript((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.socket?.setNoDelay(true);
      const bytes = Buffer.from(`\ufeff${turn.map((event, index) => frame(index + 1, event)).join('')}`);
      let at = 0;
      const next = (): void => {
        if (at < bytes.length) response.write(bytes.subarray(at, (at += 1)), () => setImmediate(next));
      };
      next();
    });
    expect(await follow(to(server))).toEqual(whole);
  });

  test('drops entries that it already has', async () => {
    const frames = turn.map((event, index) => frame(index + 1, event));
    await using server = await startScript(
      stream([...frames.slice(0, 3), ...frames.slice(0, 5)].join('')),
      stream(frames.join(''), 'hold'),
    );
    expect(await follow(to(server))).toEqual(whole);
  });

  test('reads again after the last good entry if entries are missing', async () => {
    const frames = turn.map((event, index) => frame(index + 1, event));
    await using server = await startScript(
      stream([...frames.slice(0, 2), ...frames.slice(4)].join(''), 'hold'),
      serveLog(turn),
    );
    expect(await follow(to(server))).toEqual(whole);
    expect(lastIds(server)).toEqual([undefined, idOf(2)]);
  });

  test('fails rather than skip entries that stay missing', async () => {
    await using server = await startScript(
      stream(frame(1, turn[0]), 'end'),
      stream(frame(5, turn[4]), 'hold'),
    );
    await expect(follow(to(server))).rejects.toMatchObject({ name: 'ClientError', code: 'gap' });
    expect(server.requests).toHaveLength(4);
  });

  test('keeps its last id through connections without ids', async () => {
    await using server = await startScript(
      serveLog(turn, { bytes: 200, by: 'end' }),
      stream(''),
      stream(': nothing yet\n\n'),
      reset,
      serveLog(turn),
    );
    expect(await follow(to(server))).toEqual(whole);
    const [, first, ...others] = lastIds(server);
    expect(first).toMatch(/^\d-aaaaaa$/);
    expect(others).toEqual([first, first, first]);
  });

  test('continues after an id that came without an event', async () => {
    await using server = await startScript(stream(`id: ${idOf(4)}\n\n`), serveLog(turn));
    expect(await follow(to(server))).toEqual(whole.slice(4));
    expect(lastIds(server)).toEqual([undefined, idOf(4)]);
  });

  test('yields events about the stream without an id', async () => {
    const event = { type: 'drain' };
    await using server = await startScript(
      stream(`${frame(1, turn[0])}data: ${JSON.stringify(event)}\n\n`),
      serveLog(turn),
    );
    const all = await follow(to(server));
    expect(all).toEqual([whole[0], { event }, ...whole.slice(1)]);
  });

  test('continues after the state that a resync brings', async () => {
    const resync = {
      type: 'resync',
      reason: 'beyond',
      state: { session: 's1', messages: [], approvals: [], last: idOf(4) },
    };
    await using server = await startScript(
      stream(frame(7, { type: 'custom', turn: 't0', name: 'x', data: 1 })),
      stream(`data: ${JSON.stringify(resync)}\n\n`),
      serveLog(turn),
    );
    const all = await follow(to(server));
    expect(all.slice(1)).toEqual([{ event: resync }, ...whole.slice(4)]);
    expect(lastIds(server)).toEqual([undefined, idOf(7), idOf(4)]);
  });

  test('requests a resync again if its state did not fit and the connection was lost', async () => {
    const resync = { type: 'resync', reason: 'trimmed', from: idOf(7) };
    await using server = await startScript(
      stream(`data: ${JSON.stringify(resync)}\n\n`),
      stream(`data: ${JSON.stringify(resync)}\n\n${frame(2, turn[1])}`),
      serveLog(turn),
    );
    const all = await follow(to(server), 'message_end', { after: idOf(7) });
    expect(all).toEqual([{ event: resync }, { event: resync }, ...whole.slice(1)]);
    expect(lastIds(server)).toEqual([idOf(7), idOf(7), idOf(2)]);
  });

  test('passes on events that it does not know', async () => {
    const data = { type: 'from_the_future', more: [1] };
    await using server = await startScript(stream(frame(1, data) + frame(2, turn[1]), 'hold'));
    expect(await follow(to(server), 'message')).toEqual([
      { id: idOf(1), event: { type: 'unknown', name: 'from_the_future', data } },
      whole[1],
    ]);
  });

  test('waits as long as a 503 says', async () => {
    const clock = timing();
    await using server = await startScript(
      json(503, { code: 'draining' }, { 'retry-after': '12' }),
      serveLog(turn),
    );
    expect(await follow(to(server, { timing: clock }))).toEqual(whole);
    expect(clock.sleeps).toHaveLength(1);
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(12_000);
  });

  test('backs off if a page comes instead of a stream', async () => {
    await using server = await startScript(
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>'),
      (response) => response.writeHead(200, { 'content-type': 'text/event-streamx' }).end('data: x\n\n'),
      json(502, {}),
      serveLog(turn),
    );
    expect(await follow(to(server))).toEqual(whole);
  });

  test.each([404, 410, 403])('ends with an error at %i, at once', async (status) => {
    await using server = await startScript(
      json(status, { code: 'not_found', title: 'There is no such thing here.' }),
    );
    await expect(follow(to(server))).rejects.toMatchObject({
      name: 'ClientError',
      code: 'not_found',
      message: 'There is no such thing here.',
      status,
    });
    expect(server.requests).toHaveLength(1);
  });

  test('makes the headers anew once after a 401, then ends', async () => {
    await using server = await startScript(json(401, { code: 'unauthorized' }));
    let token = 0;
    const headers = async (): Promise<Record<string, string>> => ({
      authorization: `Bearer ${(token += 1)}`,
    });
    await expect(follow(to(server, { headers }))).rejects.toMatchObject({ code: 'unauthorized' });
    expect(server.requests.map((request) => request.headers.authorization)).toEqual(['Bearer 1', 'Bearer 2']);
    await expect(follow(to(server, { headers: { authorization: 'fixed' } }))).rejects.toThrow();
    expect(server.requests).toHaveLength(3);
  });

  test('ends without an error when there is nothing more to come', async () => {
    await using server = await startScript((response) => response.writeHead(204).end());
    expect(await follow(to(server))).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  test('does not hammer a server that accepts and closes', async () => {
    const clock = timing(0);
    await using server = await startScript(stream('retry: 0\n\n'));
    const controller = new AbortController();
    const following = follow(to(server, { timing: clock }), 'end', { signal: controller.signal });
    await server.until(() => server.requests.length === 26);
    controller.abort();
    expect(await following).toEqual([]);
    // 25 reconnects took 40 s or more by the clock, although the random number was always 0.
    expect(clock.now()).toBeGreaterThanOrEqual(40_000);
  });

  test('reconnects when a connection falls silent', async () => {
    await using server = await startScript(stream(frame(1, turn[0]), 'hold'), serveLog(turn));
    expect(await follow(to(server, { timing: timing(0, 150) }))).toEqual(whole);
    expect(lastIds(server).slice(0, 2)).toEqual([undefined, idOf(1)]);
  });

  test('reconnects at once after the machine slept', async () => {
    await using server = await startScript(stream(frame(1, turn[0]), 'hold'), serveLog(turn));
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const following = follow(createClient({ url: server.url }));
      await server.until(() => server.requests.length === 1);
      vi.setSystemTime(Date.now() + 3_600_000);
      expect(await following).toEqual(whole);
    } finally {
      vi.useRealTimers();
    }
    expect(lastIds(server)).toEqual([undefined, idOf(1)]);
  });

  test('reconnects if the headers never come', async () => {
    await using server = await startScript(() => {}, serveLog(turn));
    expect(await follow(to(server, { timing: timing(0, 150) }))).toEqual(whole);
  });

  test('reports changes of the connection', async () => {
    await using server = await startScript(reset, serveLog(turn));
    const seen: unknown[] = [];
    await follow(to(server), 'message_end', {
      onConnection: (connection, { error }) => seen.push(error ? [connection, error.name] : connection),
    });
    expect(seen).toEqual(['connecting', ['waiting', 'ClientError'], 'connecting', 'live', 'closed']);
  });

  test('ends promptly when aborted, and frees its socket', async () => {
    await using server = await startScript(stream(frame(1, turn[0]), 'hold'));
    const controller = new AbortController();
    const events: EventAtId[] = [];
    for await (const received of to(server).session('s1').events({ signal: controller.signal })) {
      events.push(received);
      queueMicrotask(() => controller.abort());
    }
    expect(events).toEqual([whole[0]]);
    await server.until(() => server.sockets() === 0);
  });

  test('ends its request when the loop is left', async () => {
    await using server = await startScript(stream(frame(1, turn[0]) + frame(2, turn[1]), 'hold'));
    await follow(to(server), 'session_start');
    await server.until(() => server.sockets() === 0);
  });

  test('ends while it waits to reconnect', async () => {
    await using server = await startScript(reset);
    const controller = new AbortController();
    const seen: string[] = [];
    for await (const received of createClient({ url: server.url })
      .session('s1')
      .events({
        signal: controller.signal,
        onConnection(connection) {
          seen.push(connection);
          if (connection === 'waiting') controller.abort();
        },
      })) {
      throw new Error(`Unexpected: ${received.event.type}`);
    }
    expect(seen).toEqual(['connecting', 'waiting', 'closed']);
    expect(server.requests).toHaveLength(1);
  });

  test('refuses redirects, which could carry credentials elsewhere', async () => {
    await using other = await startScript(serveLog(turn));
    await using server = await startScript(
      (response) => response.writeHead(307, { location: `${other.url}/stream/s1` }).end(),
      serveLog(turn),
    );
    expect(await follow(to(server))).toEqual(whole);
    expect(other.requests).toHaveLength(0);
  });

  test('accepts ids of other servers with any characters', async () => {
    await using server = await startScript(
      stream('id: 🚀\ndata: x\n\n'),
      stream('id: a\u0001b\ndata: y\n\n'),
      serveLog(turn),
    );
    const all = await follow(to(server));
    expect(all.slice(0, 2).map(({ id }) => id)).toEqual(['🚀', 'a\u0001b']);
    const [, rocket, control] = lastIds(server);
    expect(Buffer.from(String(rocket), 'latin1').toString()).toBe('🚀');
    expect(control).toBeUndefined();
  });

  test('refuses an event that is too long', async () => {
    await using server = await startScript(
      stream(`${frame(1, turn[0])}data: ${'x'.repeat(9 * 1024 * 1024)}\n\n`),
    );
    await expect(follow(to(server))).rejects.toMatchObject({ code: 'bad_response' });
  });
});
