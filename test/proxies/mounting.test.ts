import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterEach, expect, test } from 'vitest';
import { defineAgent } from 'heddle';
import { createClient } from 'heddle/client';
import { memoryStore } from 'heddle/log';
import { toListener } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { Server } from 'heddle/server';
import { run } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { createCleanUp } from '../rig/clean-up.ts';

let child: Child | undefined;
afterEach(() => child?.stop());

const cleanUp = createCleanUp();

test.each(['node-http', 'express', 'fastify', 'hono'])(
  'the server runs inside %s, beside its other routes',
  async (name) => {
    child = run([`examples/${name}.ts`], { env: { PORT: '0' } });
    const [, port] = await child.waitFor(/port: (\d+)/);
    const url = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${url}/`)).text()).toBe('something else');

    const oneShot = await (await fetch(`${url}/agent/stream?prompt=hello`)).text();
    expect(oneShot).toContain('event: tool_use');
    expect(oneShot).toContain('event: end');

    const session = await createClient({ url: `${url}/agent` }).create();
    await session.send('hello there');
    let text = '';
    for await (const { event } of session.events()) {
      if (event.type === 'content' && 'data' in event) text += event.data;
      if (event.type === 'message_end') break;
    }
    expect(text).toBe('You said: hello there ');
    const post = (path: string, body: string): Promise<Response> =>
      fetch(`${url}/agent/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    // Heddle reads and refuses bodies itself.
    const long = JSON.stringify({ content: 'x'.repeat(200_000) });
    expect((await post(`message/${session.id}`, long)).status).toBe(202);
    const bad = await post(`message/${session.id}`, '{');
    expect([bad.status, bad.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    // A link's URL is relative to where it was created, below the path that the framework may have removed.
    const made = await post(`link/${session.id}`, '{}');
    const { url: link } = (await made.json()) as { url: string };
    const linked = new URL(link, made.url);
    expect(linked.pathname).toBe(`/agent/stream/${session.id}`);
    const read = await fetch(linked);
    expect(read.status).toBe(200);
    await read.body?.cancel();
    expect((await fetch(`${url}/agent/health`)).status).toBe(200);

    // A signal ends the open streams, and then the process.
    const open = await fetch(`${url}/agent/stream/${session.id}`);
    const ended = open.text();
    expect(await child.stop('SIGTERM')).toBe(0);
    expect(await ended).toContain('message_end');
  },
);

/** Serves a listener, and returns its URL. */
async function serve(listener: RequestListener): Promise<string> {
  const http = createHttpServer(listener).listen(0, '127.0.0.1');
  cleanUp(
    () => http.close(),
    () => http.closeAllConnections(),
  );
  await once(http, 'listening');
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

function create(): { heddle: Server; told: unknown[] } {
  const told: unknown[] = [];
  const agent = defineAgent({
    open: () =>
      async function* () {
        yield 'hello';
      },
  });
  const heddle = createServer({
    agent,
    store: memoryStore(),
    onError: (error) => told.push(error),
  });
  cleanUp(() => heddle.close(0));
  return { heddle, told };
}

const json = { 'content-type': 'application/json' };

async function createSession(url: string): Promise<string> {
  const { session_id: id } = (await (await fetch(`${url}/session`, { method: 'POST' })).json()) as {
    session_id: string;
  };
  return id;
}

test('Heddle responds as usual in Express behind body parsers and behind a middleware that responds first', async () => {
  child = run(['test/proxies/express-app.fixture.ts']);
  const [, port] = await child.waitFor(/port (\d+)/);
  const url = `http://127.0.0.1:${port}`;
  const body = '{"content":"héllo"}';
  const gzip = { headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync(body) };
  for (const parser of ['json', 'text', 'raw']) {
    const session = await createSession(`${url}/${parser}`);
    const send = (path: string, sent: RequestInit): Promise<Response> =>
      fetch(`${url}/${parser}/${path}`, { method: 'POST', headers: json, body, ...sent });
    expect((await send(`message/${session}`, {})).status).toBe(202);
    // A body that a parser has decoded is no longer encoded.
    expect((await send(`message/${session}`, gzip)).status).toBe(202);
    expect((await send('session', { body: '' })).status).toBe(201);
    const state = (await (await fetch(`${url}/${parser}/session/${session}`)).json()) as {
      messages: { content?: string }[];
    };
    expect(state.messages.flatMap(({ content }) => content ?? [])).toEqual(['héllo', 'héllo']);
  }

  // All paths lead to one server. The long poll below waits for its whole time.
  const session = await createSession(`${url}/json`);
  const { entries } = (await (await fetch(`${url}/json/events/${session}`)).json()) as {
    entries: { id: string }[];
  };
  for (const path of [
    `events/${session}?wait=1&after=${entries.at(-1)?.id}`,
    `stream/${session}`,
    'nowhere',
  ]) {
    const response = await fetch(`${url}/impatient/${path}`);
    expect([response.status, await response.text()]).toEqual([503, 'timed out']);
  }
  expect((await fetch(`${url}/json/events/${session}?wait=1&after=${entries.at(-1)?.id}`)).status).toBe(200);

  // The page is below the path, with or without a final slash.
  const page = await fetch(`${url}/json`);
  expect([page.url, await page.text()]).toEqual([`${url}/json/`, 'page']);
  expect(child.output()).toBe(`port ${port}\n`);
});

test('a body that other code has read is reported to the operator, with what to do', async () => {
  const { heddle, told } = create();
  const listener = toListener(heddle);
  const url = await serve((request, response) => {
    request.resume().once('end', () => listener(request, response));
  });
  const response = await fetch(`${url}/session`, { method: 'POST', headers: json, body: '{}' });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([500, 'internal']);
  expect(String(told[0])).toContain('Mount Heddle before what reads bodies');
});

test('a link made in Hono, which removes the path, leads to where it was made', async () => {
  const app = new Hono().mount('/agent', create().heddle.fetch);
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    Promise.resolve(app.request(`http://localhost${path}`, init));
  const { session_id: session } = (await (await ask('/agent/session', { method: 'POST' })).json()) as {
    session_id: string;
  };
  const from = `/agent/link/${session}`;
  const { url } = (await (await ask(from, { method: 'POST' })).json()) as { url: string };
  const { pathname, search } = new URL(url, `http://localhost${from}`);
  const read = await ask(pathname.replace('/stream/', '/session/') + search);
  expect(read.status).toBe(200);
});

test('in Hono, a body that a middleware has read is reported to the operator, with what to do', async () => {
  const { heddle, told } = create();
  const app = new Hono();
  app.use(async (context, next) => {
    await context.req.json();
    await next();
  });
  app.all('/*', (context) => heddle.fetch(context.req.raw));
  const response = await app.request('http://localhost/session', {
    method: 'POST',
    headers: json,
    body: '{}',
  });
  expect(response.status).toBe(500);
  expect(String(told[0])).toContain('request.clone()');
});
