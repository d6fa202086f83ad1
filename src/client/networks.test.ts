// Networks that hold back, change and lose what passes. Timers stand still until a step moves them on.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFakeTiming } from './fake-timing.fixture.ts';
import type { FakeTiming } from './fake-timing.fixture.ts';
import { frame, idOf, serveLog, turnOf } from './scripted-log.fixture.ts';
import { json, startScript, stream } from './scripted-server.fixture.ts';
import type { ScriptedServer, Seen, Step } from './scripted-server.fixture.ts';
import { createClient, createEventStream } from './index.ts';
import type { Client, EventAtId, Timing } from './index.ts';

const turn = turnOf('Hel', 'lo');
const entries = turn.map((event, index) => ({ id: idOf(index + 1), event }));
const ids = entries.map(({ id }) => id);
const sent = { status: 'ok', message_id: 'm1', turn_id: 't1', id: '2-aaaaaa' };
/** Responds with nothing for a time, in milliseconds. */
const silence =
  (ms: number): Step =>
  () =>
    void vi.advanceTimersByTimeAsync(ms);
// A body adds some milliseconds to the 8 s of an answer.
const [opened, answered] = [5_000, 8_100];
const opening = ': heddle\nretry: 1000\n\n';
const keyOf = ({ headers }: Seen): unknown => headers['idempotency-key'];

const toTimes = (): FakeTiming => ({ ...createFakeTiming(0.5, 37_500), openingMs: opened });
const to = (server: ScriptedServer, timing: Timing = toTimes()): Client =>
  createClient({ url: server.url, readTimeoutMs: timing.readTimeoutMs, timing });

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

interface Followed {
  readonly ids: readonly (string | undefined)[];
  readonly ways: readonly string[];
}

async function follow(client: Client, onEvent = (): void => {}): Promise<Followed> {
  const all: EventAtId[] = [];
  const ways: string[] = [];
  const onConnection = (_: string, { via }: { readonly via: string }): void => {
    if (ways.at(-1) !== via) ways.push(via);
  };
  for await (const received of client.session('s1').events({ onConnection })) {
    all.push(received);
    if (received.event.type === 'message_end') break;
    onEvent();
  }
  return { ids: all.map(({ id }) => id), ways };
}

/** Responds with these headers, and leaves the body open after its text. */
const answer =
  (headers: Record<string, string>, text: string): Step =>
  (response) =>
    void response.writeHead(200, headers).write(text);
/** Serves polls from the log, and streams with another step. */
const pollable =
  (streams: Step, headers: Record<string, string> = { 'content-type': 'application/json' }): Step =>
  (response, request) => {
    if (!request.url.startsWith('/events/')) return streams(response, request);
    const last = Number.parseInt(String(request.headers['last-event-id'] ?? '0'), 10);
    response.writeHead(200, headers).end(JSON.stringify({ entries: entries.slice(last) }));
  };

describe('a cache that compares URLs', () => {
  test('gets another URL for each GET, with the last id in those that continue', async () => {
    const cut = serveLog(turn, { bytes: 200, by: 'reset' });
    await using server = await startScript(cut, cut, serveLog(turn));
    await follow(to(server));
    const [first, ...later] = server.requests;
    expect(first?.url).toBe('/stream/s1?dialect=typed');
    for (const { url, headers } of later)
      expect(url).toBe(`/stream/s1?dialect=typed&after=${String(headers['last-event-id'])}`);
    expect(new Set(server.requests.map(({ nonce }) => nonce)).size).toBe(3);
  });

  test('has nothing to give for servers of other makes, whose URLs stay as they are', async () => {
    await using server = await startScript(
      stream('id: 1\ndata: a\n\n'),
      stream('id: 2\ndata: b\n\n', 'hold'),
    );
    for await (const { data } of createEventStream(server.url, { timing: createFakeTiming() }))
      if (data === 'b') break;
    expect(server.requests.map(({ url, nonce }) => [url, nonce])).toEqual([
      ['/', undefined],
      ['/', undefined],
    ]);
  });
});

describe('a request without an answer', () => {
  test('is sent again at once, with the same key', async () => {
    await using server = await startScript(silence(answered), json(202, sent));
    const timing = toTimes();
    expect(await to(server, timing).session('s1').send('Hi')).toMatchObject({ turn: 't1' });
    expect(new Set(server.requests.map(keyOf)).size).toBe(1);
    expect(server.requests).toHaveLength(2);
    expect(timing.sleeps).toEqual([]);
  });

  test.each<readonly [string, (client: Client) => Promise<unknown>, unknown]>([
    ['create', (client) => client.create(), { session_id: 's1' }],
    ['begin', (client) => client.begin('Hi'), { ...sent, session_id: 's1' }],
    ['sessions', (client) => client.sessions(), { sessions: [] }],
    ['cancel', (client) => client.session('s1').cancel(), {}],
    ['withdraw', (client) => client.session('s1').withdraw('m1'), {}],
    ['answer', (client) => client.session('s1').answer('a1', true), {}],
    ['drop', (client) => client.session('s1').drop(), {}],
  ])('is sent again, too, where the request is %s', async (_, act, body) => {
    await using server = await startScript(silence(answered), json(200, body));
    await act(to(server));
    expect(server.requests).toHaveLength(2);
  });

  test('is sent again for one answer, too', async () => {
    const text = opening + entries.map(({ event }, index) => frame(index + 1, event)).join('');
    await using server = await startScript(silence(answered), stream(`${text}data: {"type":"end"}\n\n`));
    const all: EventAtId[] = [];
    for await (const each of to(server).ask('Hi')) all.push(each);
    expect(all).toHaveLength(turn.length + 1);
    expect(new Set(server.requests.map(keyOf)).size).toBe(1);
  });

  test('counts among the tries', async () => {
    await using server = await startScript(silence(answered), silence(answered), silence(37_600));
    await expect(to(server).session('s1').send('Hi', { tries: 3 })).rejects.toMatchObject({
      code: 'unreachable',
    });
    expect(server.requests).toHaveLength(3);
  });
});

describe('bytes that are held back', () => {
  test('the second stream in a row that falls silent after its bytes is replaced by polls', async () => {
    const blocks: Step = (response, request) => {
      const last = Number.parseInt(String(request.headers['last-event-id'] ?? '0'), 10);
      stream(opening + frame(last + 1, turn[last]), 'hold')(response, request);
    };
    await using server = await startScript(pollable(blocks));
    let streams = 0;
    const followed = await follow(to(server), () => {
      streams += 1;
      // The client waits for the next bytes by then.
      if (streams <= 2) setImmediate(() => void vi.advanceTimersByTimeAsync(18_000));
    });
    expect(followed).toEqual({ ids, ways: ['sse', 'long-poll'] });
    expect(server.requests.filter(({ url }) => url.startsWith('/stream/'))).toHaveLength(2);
  });

  test.each([
    ['60000', 71_000, 1],
    ['60000', 73_000, 2],
    ['2147483647', 300_000, 1],
    ['soon', 17_000, 1],
    ['1', 17_000, 1],
  ])('a server with keepalives after %s ms may be silent for %i ms', async (said, silentMs, requests) => {
    let goOn = (): void => {};
    const rare: Step = (response) => {
      const [first, ...rest] = turn.map((event, index) => frame(index + 1, event));
      response.writeHead(200, { 'content-type': 'text/event-stream', 'heddle-keepalive': said });
      response.write(opening + first);
      goOn = () => void response.write(rest.join(''));
    };
    await using server = await startScript(rare, serveLog(turn));
    let isFirst = true;
    const followed = follow(to(server), () => {
      if (!isFirst) return;
      isFirst = false;
      // The client waits for the next bytes by then.
      setImmediate(() => void vi.advanceTimersByTimeAsync(silentMs).then(goOn));
    });
    expect((await followed).ids).toEqual(ids);
    expect(server.requests).toHaveLength(requests);
  });

  test('the second stream in a row that ends without any bytes is replaced by polls', async () => {
    await using server = await startScript(pollable(stream('')));
    expect(await follow(to(server))).toEqual({ ids, ways: ['sse', 'long-poll'] });
    expect(server.requests.filter(({ url }) => url.startsWith('/stream/'))).toHaveLength(2);
  });

  test('polls that are not answered wait for less each time', async () => {
    const waits: number[] = [];
    await using server = await startScript((response, request) => {
      const wait = Number(/wait=([\d.]+)/.exec(request.url)?.[1] ?? NaN);
      if (Number.isNaN(wait)) return silence(opened)(response, request);
      if (wait === 0) return json(200, { entries: [] })(response, request);
      waits.push(wait);
      const step = waits.length < 6 ? silence(wait * 1_000 + answered) : json(200, { entries });
      step(response, request);
    });
    await follow(to(server));
    expect(waits).toEqual([25, 12.5, 6.25, 3.125, 2, 2]);
  });

  test('polls that come back empty and too early do not make a storm', async () => {
    let polls = 0;
    await using server = await startScript((response, request) => {
      if (!request.url.startsWith('/events/')) return silence(opened)(response, request);
      polls += 1;
      json(200, { entries: polls < 6 ? [] : entries })(response, request);
    });
    const timing = toTimes();
    await follow(to(server, timing));
    expect(timing.sleeps).toEqual([1_000, 1_000, 1_000, 1_000]);
  });
});

describe.each([
  ['gone', {}],
  ['the least one', { 'content-type': 'text/plain; charset=utf-8' }],
])('a content type that is %s', (_, headers: Record<string, string>) => {
  const text = opening + turn.map((event, index) => frame(index + 1, event)).join('');

  test('a stream of a Heddle server is known by its first bytes, whatever pieces they come in', async () => {
    await using server = await startScript((response) => {
      response.writeHead(200, headers).write(text.slice(0, 5));
      setImmediate(() => response.write(text.slice(5)));
    });
    expect(await follow(to(server))).toEqual({ ids, ways: ['sse'] });
  });

  test('one answer is read, too', async () => {
    await using server = await startScript((response) => {
      response.writeHead(200, headers).end(`${text}data: {"type":"end"}\n\n`);
    });
    const all: EventAtId[] = [];
    for await (const each of to(server).ask('Hi')) all.push(each);
    expect(all).toHaveLength(turn.length + 1);
    expect(server.requests).toHaveLength(1);
  });

  test('a poll is read if its text is JSON with entries', async () => {
    await using server = await startScript(pollable(silence(opened), headers));
    expect(await follow(to(server))).toEqual({ ids, ways: ['sse', 'long-poll'] });
  });

  test('a refusal of a Heddle server is one', async () => {
    const problem = { title: 'There is no such thing here.', status: 404, code: 'not_found' };
    await using server = await startScript((response) =>
      response.writeHead(404, headers).end(JSON.stringify(problem)),
    );
    await expect(follow(to(server))).rejects.toMatchObject({ code: 'not_found', status: 404 });
  });

  test('text of something else is not a stream', async () => {
    await using server = await startScript(
      answer(headers, 'data: not ours\n\n'),
      answer(headers, 'Hold on, please.'),
      serveLog(turn),
    );
    expect((await follow(to(server))).ids).toEqual(ids);
  });
});
