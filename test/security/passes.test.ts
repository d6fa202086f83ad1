// Tickets and links open a stream without credentials.
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { Principal, Server, ServerOptions } from 'heddle/server';
import { browserNames, usePages } from '../rig/browser.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { createCuttingProxy } from '../rig/cutting-proxy.ts';

const secrets = ['s'.repeat(32)];
const cleanUp = createCleanUp();
afterEach(() => void vi.useRealTimers());

const agent = defineAgent({
  open: () =>
    async function* () {
      yield 'hello';
    },
});

/** Creates nodes over one store. The authorization header names the caller. */
function nodes(count: number, options: Partial<ServerOptions> = {}): readonly Server[] {
  const store = memoryStore();
  return Array.from({ length: count }, () => {
    const server = createServer({
      agent,
      store: { ...store, close: async () => {} },
      gatherMs: 0,
      secrets,
      origins: ['https://friend.example'],
      authenticate: (request) => request.header('authorization'),
      ...options,
    });
    cleanUp(() => server.close(0));
    return server;
  });
}

interface Asked {
  readonly as?: string;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
}

/** Sends a request. Cancels the response if it is a stream. */
async function ask(
  server: Server,
  method: string,
  path: string,
  { as, headers = {}, json }: Asked = {},
): Promise<Response> {
  const gone = new AbortController();
  const response = await server.fetch(
    new Request(`http://localhost${path}`, {
      method,
      signal: gone.signal,
      headers: {
        ...headers,
        ...(as !== undefined && { authorization: as }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    }),
  );
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) gone.abort();
  return response;
}

async function create(server: Server): Promise<string> {
  const body: unknown = await (await ask(server, 'POST', '/session', { as: 'ada' })).json();
  return (body as { session_id: string }).session_id;
}

/** Creates a ticket or a link, and returns its path. Its URL is relative to the request's. */
async function makeUrl(server: Server, path: string, asked: Asked = {}): Promise<string> {
  const response = await ask(server, 'POST', path, { as: 'ada', ...asked });
  expect(response.status).toBe(201);
  const { url } = (await response.json()) as { url: string };
  expect(url).toMatch(/^\.\.\/stream\//);
  return toPath(url, path);
}

function toPath(url: string, boughtFrom: string): string {
  const { pathname, search } = new URL(url, `http://localhost${boughtFrom}`);
  return pathname + search;
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check);

const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';', 1)[0] ?? '';

test('a ticket opens its stream once, on any node', async () => {
  const [one, other] = nodes(2) as [Server, Server];
  const session = await create(one);
  const url = await makeUrl(one, `/ticket/${session}`);
  expect(url).not.toContain('ada');
  expect((await ask(other, 'GET', url)).status).toBe(200);
  expect((await ask(one, 'GET', url)).status).toBe(401);
  expect((await ask(other, 'GET', url)).status).toBe(401);
});

test('of many requests with one ticket at a time, one succeeds', async () => {
  const all = nodes(4);
  const session = await create(all[0] as Server);
  const url = await makeUrl(all[0] as Server, `/ticket/${session}`);
  const answers = await Promise.all([...all, ...all].map((server) => ask(server, 'GET', url)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([
    200,
    ...Array.from({ length: 7 }, () => 401),
  ]);
});

test('a ticket is valid for 30 s, and for its own stream only', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const [server] = nodes(1) as [Server];
  const [session, another] = [await create(server), await create(server)];
  const url = await makeUrl(server, `/ticket/${session}`);
  const ticket = new URL(url, 'http://localhost').searchParams.get('ticket') ?? '';
  const refused = [
    `/stream/${another}?ticket=${ticket}`,
    `/events/${session}?ticket=${ticket}`,
    `/session/${session}?ticket=${ticket}`,
    `/stream/${session}?link=${ticket}`,
    `/stream/${session}?ticket=${ticket}x`,
    `/stream/${session}?ticket=${ticket.replace(/^./, 'f')}`,
    `/stream/${session}?ticket=`,
  ];
  for (const path of refused) expect((await ask(server, 'GET', path)).status, path).toBe(401);
  for (const path of [`/message/${session}`, `/cancel/${session}`, `/link/${session}`]) {
    expect((await ask(server, 'POST', `${path}?ticket=${ticket}`, { json: { content: 'x' } })).status).toBe(
      401,
    );
  }
  vi.advanceTimersByTime(30_001);
  expect((await ask(server, 'GET', url)).status).toBe(401);
});

test('a ticket is valid for pages of the origin that requested it', async () => {
  const [server] = nodes(1) as [Server];
  const session = await create(server);
  const friend = { origin: 'https://friend.example' };
  const friends = await makeUrl(server, `/ticket/${session}`, { headers: friend });
  const own = await makeUrl(server, `/ticket/${session}`, { headers: { origin: 'http://localhost' } });
  // A program requested this one for a page.
  const bought = await makeUrl(server, `/ticket/${session}`, { json: { origin: friend.origin } });
  const disguised = await makeUrl(server, `/ticket/${session}`, {
    headers: { origin: 'http://localhost' },
    json: { origin: friend.origin },
  });
  const as = async (url: string, headers: Record<string, string>) =>
    (await ask(server, 'GET', url, { headers })).status;
  expect(await as(bought, {})).toBe(401);
  expect(await as(bought, friend)).toBe(200);
  expect(await as(disguised, friend)).toBe(401);
  expect(await as(friends, {})).toBe(401);
  expect(await as(own, friend)).toBe(401);
  expect(await as(own, { origin: 'https://evil.example' })).toBe(403);
  expect(await as(own, { 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await as(friends, { ...friend, 'sec-fetch-site': 'cross-site' })).toBe(200);
  expect(await as(own, { 'sec-fetch-site': 'same-origin' })).toBe(200);
});

test('behind a proxy that changes Host, a ticket is valid for reads within the origin that requested it', async () => {
  const [server] = nodes(1, { origins: ['https://friend.example', 'http://192.0.2.1:5173'] }) as [Server];
  const session = await create(server);
  const as = async (url: string, headers: Record<string, string>) =>
    (await ask(server, 'GET', url, { headers })).status;
  const within = { 'sec-fetch-site': 'same-origin' };
  const friend = { origin: 'https://friend.example' };
  const buy = (asked: Asked) => makeUrl(server, `/ticket/${session}`, asked);
  expect(await as(await buy({ headers: { ...friend, ...within } }), within)).toBe(200);
  // A program requested it for a page of that origin.
  expect(await as(await buy({ json: friend }), within)).toBe(200);
  // Over plain http, browsers do not say that a read is within an origin.
  const plain = await buy({ headers: { origin: 'http://192.0.2.1:5173' } });
  expect(await as(plain, { 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await as(plain, {})).toBe(200);

  const bought = await buy({ headers: { ...friend, ...within } });
  const wrong: Record<string, string>[] = [
    {},
    { 'sec-fetch-site': 'none' },
    { origin: 'http://localhost', ...within },
    { origin: 'http://192.0.2.1:5173' },
  ];
  for (const headers of wrong) expect(await as(bought, headers), JSON.stringify(headers)).toBe(401);
  expect(await as(bought, { 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await as(bought, { origin: 'https://evil.example', ...within })).toBe(403);
  // No page of such an origin may use this server.
  const strange = await buy({ json: { origin: 'https://stranger.example' } });
  expect(await as(strange, within)).toBe(401);
  expect(await as(await buy({ json: { origin: 'x' } }), within)).toBe(401);
});

test('a ticket is valid for a page whose name is allowed, although a program requested it', async () => {
  const [server] = nodes(1, { hosts: ['chat.example'] }) as [Server];
  const session = await create(server);
  const json = { origin: 'https://chat.example' };
  const within = { 'sec-fetch-site': 'same-origin' };
  for (const headers of [within, { ...within, host: 'chat.example' }, { ...within, ...json }]) {
    const url = await makeUrl(server, `/ticket/${session}`, { json });
    expect((await ask(server, 'GET', url, { headers })).status).toBe(200);
  }
});

test('a browser that opened a stream with a ticket can reopen it for an hour, with a cookie', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const [one, other] = nodes(2) as [Server, Server];
  const session = await create(one);
  const url = await makeUrl(one, `/ticket/${session}`);
  const first = await ask(one, 'GET', url);
  expect(first.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict$/);
  const cookie = `other=1; ${cookieOf(first)}`;
  vi.advanceTimersByTime(1_800_000);
  expect((await ask(other, 'GET', url)).status).toBe(401);
  expect((await ask(other, 'GET', url, { headers: { cookie } })).status).toBe(200);
  // A cookie is valid with its own ticket only.
  const second = await makeUrl(one, `/ticket/${session}`);
  expect((await ask(one, 'GET', second)).status).toBe(200);
  expect((await ask(one, 'GET', second, { headers: { cookie } })).status).toBe(401);
  vi.advanceTimersByTime(1_900_000);
  expect((await ask(other, 'GET', url, { headers: { cookie } })).status).toBe(401);
});

test('the cookie of a ticket for a page over https is never sent over http', async () => {
  const [server] = nodes(1) as [Server];
  const session = await create(server);
  const setCookie = async (asked: Asked, headers: Record<string, string> = {}): Promise<string> => {
    const opened = await ask(server, 'GET', await makeUrl(server, `/ticket/${session}`, asked), { headers });
    expect(opened.status).toBe(200);
    return opened.headers.get('set-cookie') ?? '';
  };
  const friend = { origin: 'https://friend.example' };
  for (const cookie of [
    await setCookie({ headers: { origin: 'https://localhost' } }),
    await setCookie({ headers: friend }, friend),
    // A program requested it for a page.
    await setCookie({ json: { origin: 'https://localhost' } }),
    await setCookie({ json: friend }, friend),
  ])
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
  // Over http, browsers would not keep a `Secure` cookie.
  for (const cookie of [
    await setCookie({ headers: { origin: 'http://localhost' } }),
    await setCookie({ headers: { origin: 'http://localhost' }, json: { origin: 'https://localhost' } }),
    // Any client can write this header, so the server ignores it.
    await setCookie({ headers: { 'x-forwarded-proto': 'https' } }, { 'x-forwarded-proto': 'https' }),
  ])
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
});

test('a ticket ends with the token that it was created with', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const revoked = new Set<string | undefined>();
  const principal: Principal = { owner: 'ada', credential: 'login-1', expiresAt: Date.now() + 20_000 };
  const [server] = nodes(1, {
    authenticate: (request) => (request.header('authorization') === undefined ? undefined : principal),
    isRevoked: ({ credential }) => revoked.has(credential),
  }) as [Server];
  const session = await create(server);
  const [expiring, revocable] = [
    await makeUrl(server, `/ticket/${session}`),
    await makeUrl(server, `/ticket/${session}`),
  ];
  revoked.add('login-1');
  expect((await ask(server, 'GET', revocable)).status).toBe(401);
  revoked.clear();
  vi.advanceTimersByTime(20_001);
  expect((await ask(server, 'GET', expiring)).status).toBe(401);
});

test('a link reads its session until it expires, and does nothing else', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const [one, other] = nodes(2) as [Server, Server];
  const [session, another] = [await create(one), await create(one)];
  const url = await makeUrl(one, `/link/${session}`, { json: { expires_in: 60 } });
  expect(url).not.toContain('ada');
  const link = new URL(url, 'http://localhost').searchParams.get('link') ?? '';
  const asLink = async (method: string, path: string) =>
    (await ask(other, method, `${path}?link=${link}`, method === 'POST' ? { json: { content: 'x' } } : {}))
      .status;
  for (const route of other.routes.filter(({ path }) => path.includes(':session'))) {
    const reads = ['/stream/:session', '/events/:session', '/session/:session'].includes(route.path);
    const expected = reads && route.method === 'GET' ? 200 : 401;
    expect(await asLink(route.method, route.path.replace(':session', session)), route.path).toBe(expected);
    expect(await asLink(route.method, route.path.replace(':session', another)), route.path).toBe(401);
  }
  expect(await asLink('GET', '/sessions')).toBe(401);
  vi.advanceTimersByTime(60_001);
  expect((await ask(other, 'GET', url)).status).toBe(401);
});

test('a link can be revoked by its name, and has a maximum lifetime', async () => {
  const revoked = new Set<string | undefined>();
  const [server] = nodes(1, { isRevoked: ({ credential }) => revoked.has(credential) }) as [Server];
  const session = await create(server);
  const made = await ask(server, 'POST', `/link/${session}`, { as: 'ada' });
  const { url: relative, link_id: id } = (await made.json()) as { url: string; link_id: string };
  const url = toPath(relative, `/link/${session}`);
  expect((await ask(server, 'GET', url)).status).toBe(200);
  revoked.add(id);
  expect((await ask(server, 'GET', url)).status).toBe(401);
  for (const wrong of [0, -1, 1e9, '60', null]) {
    const json = { expires_in: wrong };
    expect((await ask(server, 'POST', `/link/${session}`, { as: 'ada', json })).status).toBe(400);
  }
});

test('a new secret goes before the old one, which can be removed when its links have expired', async () => {
  const store = memoryStore();
  const start = (...keys: string[]): Server => {
    const server = createServer({ agent, store: { ...store, close: async () => {} }, secrets: keys });
    cleanUp(() => server.close(0));
    return server;
  };
  const [old, fresh] = ['a'.repeat(32), 'b'.repeat(32)];
  const before = start(old);
  const session = await create(before);
  const url = await makeUrl(before, `/link/${session}`);
  const during = start(fresh, old);
  expect((await ask(during, 'GET', url)).status).toBe(200);
  const newUrl = await makeUrl(during, `/link/${session}`);
  const after = start(fresh);
  expect((await ask(after, 'GET', newUrl)).status).toBe(200);
  expect((await ask(after, 'GET', url)).status).toBe(401);
  expect(() => start('short')).toThrow('32 characters');
  expect(() => start()).toThrow('there must be one');
});

describe.each(browserNames)('in %s', (name) => {
  const { newPage } = usePages(name);

  test('an EventSource with a ticket reconnects after a cut, and another page with the same URL is refused', async () => {
    const [server] = nodes(1) as [Server];
    const listening = await listen(server, { port: 0 });
    cleanUp(() => listening.close(0));
    const proxy = await createCuttingProxy((listening.http.address() as AddressInfo).port);
    cleanUp(() => proxy.close());
    const session = await create(server);
    const page = await newPage();
    await page.goto(`${proxy.url}/health`);
    const url = await page.evaluate(async (id) => {
      const bought = await fetch(`/ticket/${id}`, { method: 'POST', headers: { authorization: 'ada' } });
      return new URL(((await bought.json()) as { url: string }).url, bought.url).href;
    }, session);
    const open = `(url) => {
      window.heard = [];
      window.source = new EventSource(url);
      window.source.onmessage = ({ data }) => window.heard.push(JSON.parse(data).type);
    }`;
    const look = (at: typeof page): Promise<{ state: number; heard: readonly string[] }> =>
      at.evaluate('({ state: window.source.readyState, heard: window.heard })') as ReturnType<typeof look>;
    await page.evaluate(`(${open})(${JSON.stringify(url)})`);
    await eventually(async () => expect((await look(page)).heard).toEqual(['session_start']));

    const thief = await newPage();
    await thief.goto(`${proxy.url}/health`);
    await thief.evaluate(`(${open})(${JSON.stringify(url)})`);
    await eventually(async () => expect((await look(thief)).state).toBe(2));

    proxy.cut();
    await eventually(async () => expect((await look(page)).state).toBe(0));
    await ask(server, 'POST', `/message/${session}`, { as: 'ada', json: { content: 'hi' } });
    await eventually(async () => expect((await look(page)).heard).toContain('message_end'));
    expect((await look(page)).heard.filter((type) => type === 'session_start')).toHaveLength(1);
    expect((await look(thief)).heard).toEqual([]);
  });
});
