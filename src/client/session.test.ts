import { describe, expect, test } from 'vitest';
import { createFakeTiming } from './fake-timing.fixture.ts';
import { json, reset, startScript } from './scripted-server.fixture.ts';
import type { ScriptedServer, Seen } from './scripted-server.fixture.ts';
import { createClient } from './index.ts';
import type { Client } from './index.ts';

const sent = { status: 'ok', message_id: 'm1', turn_id: 't1', id: '2-aaaaaa' };
const to = (server: ScriptedServer): Client =>
  createClient({ url: `${server.url}/`, timing: createFakeTiming() });
const keyOf = (request: Seen | undefined): unknown => request?.headers['idempotency-key'];
const bodyOf = (request: Seen | undefined): unknown => JSON.parse(request?.body ?? '');

describe('sending', () => {
  test('posts the message and returns its receipt', async () => {
    await using server = await startScript(json(202, sent));
    const answer = await to(server).session('s 1').send('Hi', { author: 'Ada', onBusy: 'reject', key: 'k1' });
    expect(answer).toEqual({ message: 'm1', turn: 't1', id: '2-aaaaaa' });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/message/s%201' });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'k1' });
    expect(bodyOf(request)).toEqual({ content: 'Hi', author: 'Ada', on_busy: 'reject' });
  });

  test('names the message that it replaces', async () => {
    await using server = await startScript(json(202, sent));
    await to(server).session('s1').send('Hi', { replaces: 'm0' });
    expect(bodyOf(server.requests[0])).toEqual({ content: 'Hi', replaces: 'm0' });
  });

  test('names the message whose answer it supersedes', async () => {
    await using server = await startScript(json(202, sent));
    await to(server).session('s1').send('Hi', { onBusy: 'supersede', seen: 'm0' });
    expect(bodyOf(server.requests[0])).toEqual({ content: 'Hi', on_busy: 'supersede', seen: 'm0' });
  });

  test('uses a new key each time', async () => {
    await using server = await startScript(json(202, sent));
    const session = to(server).session('s1');
    await session.send('Hi');
    await session.send('Hi');
    const [first, second] = server.requests.map(keyOf);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toMatch(/^[0-9a-f]{32}$/);
    expect(first).not.toBe(second);
  });

  test('is tried again with the same key and body if the network or the server fails', async () => {
    await using server = await startScript(
      reset,
      json(503, { code: 'draining' }, { 'retry-after': '1' }),
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hold on</h1>'),
      (response) => {
        response.writeHead(202, { 'content-type': 'application/json', 'content-length': 100 });
        response.write('{', () => response.socket?.resetAndDestroy());
      },
      json(202, sent),
    );
    expect(await to(server).session('s1').send('Hi')).toMatchObject({ turn: 't1' });
    expect(server.requests).toHaveLength(5);
    expect(new Set(server.requests.map(keyOf)).size).toBe(1);
    expect(new Set(server.requests.map(({ body }) => body)).size).toBe(1);
  });

  test('gives up after six tries', async () => {
    await using server = await startScript(reset);
    await expect(to(server).session('s1').send('Hi')).rejects.toMatchObject({
      name: 'ClientError',
      code: 'unreachable',
    });
    expect(server.requests).toHaveLength(6);
  });

  test.each([
    [409, 'busy'],
    [413, 'too_large'],
    [422, 'key_reused'],
    [429, 'queue_full'],
  ])('is refused at once with %i', async (status, code) => {
    await using server = await startScript(json(status, { code, detail: 'No.' }, { 'retry-after': '9' }));
    await expect(to(server).session('s1').send('Hi')).rejects.toMatchObject({ code, status, message: 'No.' });
    expect(server.requests).toHaveLength(1);
  });

  test('fails if the response lacks a field', async () => {
    await using server = await startScript(json(202, { status: 'ok' }));
    await expect(to(server).session('s1').send('Hi', { tries: 1 })).rejects.toMatchObject({
      code: 'bad_response',
    });
  });

  test('is given up promptly when aborted, with the reason of the signal', async () => {
    await using server = await startScript(() => {});
    const controller = new AbortController();
    const sending = to(server).session('s1').send('Hi', { signal: controller.signal });
    await server.until(() => server.requests.length === 1);
    const reason = new Error('Changed my mind.');
    controller.abort(reason);
    await expect(sending).rejects.toBe(reason);
    await server.until(() => server.sockets() === 0);
  });
});

describe('the other commands', () => {
  test('go to their routes, each with a key', async () => {
    await using server = await startScript(json(202, { status: 'ok' }));
    const session = to(server).session('s1');
    await session.cancel();
    await session.cancel('t1');
    await session.withdraw('m1');
    await session.answer('a1', { allow: true });
    expect(server.requests.map((request) => [request.url, bodyOf(request)])).toEqual([
      ['/cancel/s1', {}],
      ['/cancel/s1', { turn_id: 't1' }],
      ['/withdraw/s1', { message_id: 'm1' }],
      ['/answer/s1', { approval_id: 'a1', decision: { allow: true } }],
    ]);
    expect(server.requests.every((request) => keyOf(request) !== undefined)).toBe(true);
  });

  test('report why they are refused', async () => {
    await using server = await startScript(
      json(409, { code: 'too_late', title: 'It is too late for that.' }),
    );
    await expect(to(server).session('s1').withdraw('m1')).rejects.toMatchObject({ code: 'too_late' });
  });

  test('drop a session, also one that is already gone', async () => {
    await using server = await startScript(
      (response) => response.writeHead(204).end(),
      reset,
      json(404, { code: 'not_found' }),
    );
    await to(server).session('s1').drop();
    await to(server).session('s1').drop();
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array.from({ length: 3 }, () => 'DELETE /session/s1'),
    );
  });

  test('read the state, and reject any other response', async () => {
    const state = { session: 's1', messages: [], approvals: [], last: '1-aaaaaa' };
    await using server = await startScript(json(200, state), json(200, { hello: 1 }));
    const session = to(server).session('s1');
    expect(await session.state()).toEqual(state);
    expect(server.requests[0]?.url).toBe('/session/s1');
    await expect(session.state({ tries: 1 })).rejects.toMatchObject({ code: 'bad_response' });
  });
});

describe('a client', () => {
  test('creates a session', async () => {
    await using server = await startScript(json(201, { session_id: 's1' }));
    const session = await to(server).create({ metadata: { topic: 'x' }, key: 'k1' });
    expect(session.id).toBe('s1');
    expect(bodyOf(server.requests[0])).toEqual({ metadata: { topic: 'x' } });
    expect(keyOf(server.requests[0])).toBe('k1');
  });

  test('begins a session with its first message, in one request', async () => {
    const receipt = { session_id: 's1', message_id: 'm1', turn_id: 't1', id: '2-aaaaaa' };
    await using server = await startScript(json(503, {}), json(201, receipt));
    const begun = await to(server).begin('Hi', { metadata: { topic: 'x' }, author: 'Ada', key: 'k1' });
    expect(begun).toMatchObject({ message: 'm1', turn: 't1', id: '2-aaaaaa' });
    expect(begun.session.id).toBe('s1');
    expect(bodyOf(server.requests[1])).toEqual({
      metadata: { topic: 'x' },
      message: { content: 'Hi', author: 'Ada' },
    });
    expect(server.requests.map(({ url }) => url)).toEqual(['/session', '/session']);
    expect(new Set(server.requests.map(keyOf))).toEqual(new Set(['k1']));
  });

  test('lists sessions and leaves out those that it cannot read', async () => {
    const sessions = [
      { session_id: 's1', title: 'Hi', created_at: 1, active_at: 2, turn: 't1' },
      { session_id: 's2', created_at: 1, active_at: 2 },
      { session_id: 3 },
    ];
    await using server = await startScript(json(200, { sessions }));
    expect(await to(server).sessions()).toEqual([
      { session: 's1', title: 'Hi', createdAt: 1, activeAt: 2, turn: 't1' },
      { session: 's2', createdAt: 1, activeAt: 2 },
    ]);
  });

  test('lists the sessions after one of the list, or before a time', async () => {
    await using server = await startScript(json(200, { sessions: [] }));
    await to(server).sessions({ before: { session: 's1', createdAt: 1, activeAt: 20 } });
    await to(server).sessions({ before: 30 });
    expect(server.requests.map(({ url }) => decodeURIComponent(url))).toEqual([
      '/sessions?before=20~s1',
      '/sessions?before=30',
    ]);
  });

  test('sends its headers with every request, made anew for each', async () => {
    await using server = await startScript(json(401, {}), json(200, { sessions: [] }));
    let count = 0;
    const client = createClient({
      url: server.url,
      headers: () => ({ authorization: `Bearer ${(count += 1)}` }),
    });
    expect(await client.sessions()).toEqual([]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer 1', 'Bearer 2']);
  });

  test('refuses a URL that could never be reached', () => {
    expect(() => createClient()).toThrow(TypeError);
    expect(() => createClient({ url: 'localhost:8000' })).toThrow("such as 'http://127.0.0.1:8000'");
  });
});
