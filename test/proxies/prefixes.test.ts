// All that has a URL, under each way of mounting a server, before proxies that remove a part of the path.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from 'heddle/client';
import { run } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';

const origin = 'https://chat.example.com';

/** The origin and the path of each server, by its name. */
const places = new Map<string, readonly [at: string, path: string]>();
let child: Child;
beforeAll(async () => {
  child = run(['test/proxies/mounts.fixture.ts']);
  await child.waitFor(/ready/);
  for (const line of child.output().split('\n')) {
    if (!line.startsWith('[')) continue;
    const [name, at, path] = JSON.parse(line) as [string, string, string];
    places.set(name, [at, path]);
  }
});
afterAll(() => child.stop());

const json = { 'content-type': 'application/json', authorization: 'ada' };

async function post(
  url: string,
  body: unknown = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });
}

async function readFirst(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return new TextDecoder().decode(value);
}

/** The path that browsers send a cookie back to if it names none (RFC 6265, section 5.1.4). */
function toCookiePath(url: URL): string {
  return url.pathname.slice(0, url.pathname.lastIndexOf('/'));
}

test.each([
  'no path',
  'node:http with a base path',
  'Express, which removes it',
  'Express, and the base path too',
  'routers of Express',
  'Hono with a base path',
  'Hono, which removes it',
  'Fastify with a base path',
  'a proxy that removes it',
  'a proxy that removes its part, before a base path',
  'a proxy that removes its part, before Express',
])('tickets, their cookies, links, the page and all dialects work under %s', async (name) => {
  const [at = '', path = ''] = places.get(name) ?? [];
  const base = `${at}${path}`;
  const client = createClient({ url: base, headers: { authorization: 'ada' } });
  const session = await client.create();
  await session.send('hi');

  // A ticket, as a page of another name behind a proxy that changes Host requests and uses it.
  const bought = await post(`${base}/ticket/${session.id}`, {}, { origin, 'sec-fetch-site': 'same-origin' });
  expect(bought.status).toBe(201);
  const { url } = (await bought.json()) as { url: string };
  const place = new URL(url, bought.url);
  expect(place.href).toContain(`${base}/stream/${session.id}?`);
  const opened = await fetch(place, { headers: { 'sec-fetch-site': 'same-origin' } });
  expect(opened.status).toBe(200);
  const cookie = opened.headers.get('set-cookie') ?? '';
  expect(await readFirst(opened)).toContain(': heddle');
  // The cookie names no path, so browsers take the one of the URL that they requested.
  expect(cookie).not.toMatch(/path=/i);
  expect(place.pathname.startsWith(`${toCookiePath(place)}/`)).toBe(true);
  const again = await fetch(place, {
    headers: { 'sec-fetch-site': 'same-origin', cookie: cookie.split(';', 1)[0] ?? '' },
  });
  expect(again.status).toBe(200);
  await again.body?.cancel();

  const linked = await post(`${base}/link/${session.id}`);
  const link = new URL(((await linked.json()) as { url: string }).url, linked.url);
  expect(link.href).toContain(`${base}/stream/${session.id}?`);
  const read = await fetch(link);
  expect([read.status, await readFirst(read)]).toEqual([200, expect.stringContaining(': heddle')]);

  const page = await fetch(`${base}/`);
  expect(await page.text()).toBe('page');
  // The server never sees a path that Hono removes, and so cannot tell its mount point from one with a slash.
  if (path !== '' && name !== 'Hono, which removes it' && name !== 'a proxy that removes it')
    expect((await fetch(base)).url).toBe(`${base}/`);

  // One-shot streams of a session name it in their ids alone.
  expect(await (await post(`${base}/stream`, { prompt: 'hi' })).text()).toContain('event: end');
  expect((await post(`${base}/streams`, { sessions: { [session.id]: null } })).status).toBe(200);

  const user = { id: 'm1', role: 'user', parts: [{ type: 'text', text: 'hi' }] };
  const chat = await post(`${base}/ai/chat`, { id: 'chat', messages: [user], trigger: 'submit-message' });
  expect(await chat.text()).toContain('hello');
  // Proxies that compress all they can leave such a stream alone.
  const encoding = (response: Response) => response.headers.get('content-encoding');
  expect([opened, again, read, chat].map(encoding)).toEqual(Array(4).fill('identity'));
  const run = { threadId: 't', runId: 'r', state: {}, tools: [], context: [], forwardedProps: {} };
  const told = await post(`${base}/agui`, { ...run, messages: [{ id: 'm', role: 'user', content: 'hi' }] });
  expect(await told.text()).toContain('RUN_FINISHED');
  expect(encoding(told)).toBe('identity');
  const response = await post(`${base}/v1/responses`, { model: 'heddle', input: 'hi' });
  expect(await response.text()).toContain('hello');
  expect(await (await fetch(`${base}/v1/models`, { headers: json })).text()).toContain('heddle');
  const asked = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  };
  const accept = 'application/json, text/event-stream';
  expect((await post(`${base}/mcp`, asked, { accept })).status).toBe(200);

  const card = (await (await fetch(`${base}/.well-known/agent-card.json`)).json()) as { url: string };
  // Hono does not say what it removed: there, the card needs its option `url`.
  expect(card.url).toBe(name === 'Hono, which removes it' ? `${at}/a2a` : `${base}/a2a`);
  const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] };
  const task = await post(`${base}/a2a/message:send`, { message }, { 'a2a-version': '1.0' });
  expect(await task.text()).toContain('hello');
});

test('a request without the base path is told so', async () => {
  const [at = '', path = ''] = places.get('a proxy that removes the base path') ?? [];
  const { detail, code } = (await (await fetch(`${at}${path}/sessions`)).json()) as Record<string, string>;
  expect([code, detail]).toEqual(['not_found', expect.stringContaining('leave --base-path or basePath out')]);
});
