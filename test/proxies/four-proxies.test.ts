// The configurations of deploy/, with other ports, names and files, over TLS in front of one server.
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClient } from 'heddle/client';
import { a2a, aiSdk } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { RequestRecord, Server } from 'heddle/server';
import { forwardedAddress } from '../../src/cli/serve/forwarded-address.ts';
import { createCertificate } from '../../src/node/certificate.fixture.ts';
import { browserNames, launchBrowser } from '../rig/browser.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { createCuttingProxy } from '../rig/cutting-proxy.ts';
import type { CuttingProxy } from '../rig/cutting-proxy.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { findPort } from '../rig/redis-server.ts';
import { startServerChild } from '../rig/server-child.ts';
import type { ServerChild } from '../rig/server-child.ts';
import { shippedProxies } from '../rig/shipped-proxies.ts';
import { createCaller, versions } from '../rig/caller.ts';
import type { Caller } from '../rig/caller.ts';
import { followByEventSource, hear, hearErrors, readIds } from './event-source.fixture.ts';
import { createSpeakingAgent } from './speaking-agent.fixture.ts';

const cleanUp = createCleanUp(afterAll);
const { agent, say, end } = createSpeakingAgent();
const records: RequestRecord[] = [];
/** The URLs of each proxy: with its path, and without a path that it removes. */
const urls = new Map<string, { readonly plain: string; readonly removing: string }>();
const browsers = new Map<string, Browser>();
const callers = new Map<string, Caller>();
let server: Server;
/** Between the proxies and the server. */
let wire: CuttingProxy;

function createHeddle(store: ReturnType<typeof memoryStore>, basePath: string): Server {
  return createServer({
    agent,
    store,
    basePath,
    dialects: [a2a(), aiSdk()],
    gatherMs: 0,
    hosts: ['chat.example.com'],
    quotas: forwardedAddress(1),
    onAnswer: (record) => records.push(record),
    onWarning: () => {},
    page: (path) => (path === '/' ? { type: 'whole', status: 200, headers: {}, body: 'page' } : undefined),
  });
}

beforeAll(async () => {
  const store = memoryStore();
  server = createHeddle(store, '');
  const below = createHeddle(store, '/agent');
  const both: Server = {
    ...server,
    handle: (request) => (request.path.startsWith('/agent') ? below : server).handle(request),
    close: async () => void (await Promise.all([server.close(0), below.close(0)])),
  };
  const listening = await listen(both, { port: 0 });
  cleanUp(() => listening.close(0));
  wire = await createCuttingProxy((listening.http.address() as AddressInfo).port);
  cleanUp(() => wire.close());
  const certificate = createCertificate();
  cleanUp(certificate.remove);
  await Promise.all([
    ...shippedProxies.map(async (proxy) => {
      const [plain, removing] = [await findPort(), await findPort()];
      const place = { upstream: new URL(wire.url).host, certificate };
      cleanUp(await proxy.start({ ...place, port: plain }));
      cleanUp(await proxy.start({ ...place, port: removing, removesPath: true }));
      const toUrl = (port: number): string => `https://chat.example.com:${port}`;
      urls.set(proxy.name, { plain: toUrl(plain), removing: toUrl(removing) });
    }),
    ...browserNames.map(async (name) => {
      const browser = await launchBrowser(name, [], { acceptInsecureCerts: true });
      cleanUp(() => browser.close());
      browsers.set(name, browser);
    }),
  ]);
  for (const version of versions) {
    const caller = createCaller(version);
    cleanUp(caller.close);
    callers.set(version, caller);
  }
});

function get<Value>(map: ReadonlyMap<string, Value>, name: string): Value {
  const value = map.get(name);
  if (value === undefined) throw new Error(`There is no ${name}.`);
  return value;
}

/** Opens a page of a proxy, with cookies of its own. */
async function visit(browser: string, url: string): Promise<{ page: Page; close: () => Promise<void> }> {
  const context = await get(browsers, browser).createBrowserContext();
  const page = await context.newPage();
  await page.goto(`https://localhost:${new URL(url).port}/health`);
  return { page, close: () => context.close() };
}

/** Creates a session, and a message in it whose turn says what the test says. */
async function speakIn(caller: Caller, url: string): Promise<{ session: string; message: string }> {
  const made = await caller.fetch(`${url}/session`, { method: 'POST' });
  const { session_id: session } = (await made.json()) as { session_id: string };
  const sent = await caller.fetch(`${url}/message/${session}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content: session }),
  });
  expect([made.status, sent.status]).toEqual([201, 202]);
  return { session, message: session };
}

describe.each(shippedProxies)('behind $name', ({ name }) => {
  describe.each(versions)('over %s', (version) => {
    const accept = { accept: 'text/event-stream', 'accept-encoding': 'gzip, br, zstd' };

    test('each word arrives before the next one is said, uncompressed, and the leaving of a silent reader is noticed', async () => {
      const { plain } = get(urls, name);
      const caller = get(callers, version);
      const { session, message } = await speakIn(caller, plain);
      // A history: some proxies hold a stream back whose first bytes are many.
      const history = 'x'.repeat(2_000);
      say(message, history);
      const stream = await caller.listen(`${plain}/stream/${session}`, { headers: accept });
      expect([null, 'identity']).toContain(stream.headers.get('content-encoding'));
      await stream.until(history);
      for (let count = 1; count <= 10; count += 1) {
        say(message, `word ${count}`);
        await stream.until(`word ${count}"`);
      }
      expect(server.load.streams).toBe(1);
      stream.leave();
      // Before the next keepalive, which comes 15 s after the last word. Apache notices only when it writes.
      await vi.waitFor(() => {
        if (name === 'Apache') say(message, 'and on');
        expect(server.load.streams).toBe(0);
      });
      end(message);
    });

    test('a stream that answers a POST is passed on in the same way', async () => {
      const { plain } = get(urls, name);
      const message = `${name} ${version}`;
      const stream = await get(callers, version).listen(`${plain}/stream`, {
        method: 'POST',
        headers: { ...accept, 'content-type': 'application/json' },
        body: JSON.stringify({ prompt: message }),
      });
      expect([null, 'identity']).toContain(stream.headers.get('content-encoding'));
      for (let count = 1; count <= 5; count += 1) {
        say(message, `word ${count}`);
        await stream.until(`word ${count}`);
      }
      end(message);
      await stream.until('event: end');
    });

    test("Host arrives as it was sent: a POST of the page's origin is taken, and of another is not", async () => {
      const { plain } = get(urls, name);
      const post = (origin: string): Promise<number> =>
        get(callers, version)
          .fetch(`${plain}/session`, { method: 'POST', headers: { origin } })
          .then(({ status }) => status);
      expect(await post(plain)).toBe(201);
      expect(await post('https://other.example.com')).toBe(403);
    });

    test('a caller cannot choose its address', async () => {
      const { plain } = get(urls, name);
      records.length = 0;
      for (const forged of ['203.0.113.9', '203.0.113.9, 203.0.113.10'])
        await get(callers, version).fetch(`${plain}/session`, {
          method: 'POST',
          headers: { 'x-forwarded-for': forged },
        });
      expect(records.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.1']);
    });
  });

  test.each(['kept', 'removed'])(
    'below a path that is %s, the page, the client, tickets, links and agent cards work',
    async (how) => {
      const { plain, removing } = get(urls, name);
      const url = `${how === 'kept' ? plain : removing}/agent`;
      const caller = get(callers, 'HTTP/2');
      expect(await (await caller.fetch(`${url}/`)).text()).toBe('page');
      // The page names its files relative to itself, so its path must end with a slash.
      const bare = await caller.fetch(url);
      expect([bare.url, await bare.text()]).toEqual([`${url}/`, 'page']);
      const card = (await (await caller.fetch(`${url}/.well-known/agent-card.json`)).json()) as {
        url: string;
      };
      expect(card.url).toBe(`${url}/a2a`);
      // A chat with a slash in its name. It has no open stream.
      expect((await caller.fetch(`${url}/ai/chat/team%2F1/stream`)).status).toBe(204);
      const client = createClient({ url, fetch: caller.fetch as unknown as typeof fetch });
      const session = await client.create();
      const message = `${name} ${how}`;
      await session.send(message);
      say(message, 'hello');
      end(message);
      const heard: string[] = [];
      for await (const { event } of session.events()) {
        heard.push(event.type);
        if (event.type === 'message_end') break;
      }
      expect(heard).toContain('content');
      for (const pass of ['ticket', 'link']) {
        const made = await caller.fetch(`${url}/${pass}/${session.id}`, { method: 'POST' });
        const { url: relative } = (await made.json()) as { url: string };
        const stream = await caller.listen(new URL(relative, made.url));
        await stream.until('"hello"');
        stream.leave();
      }
    },
  );
});

describe.each(browserNames)('in %s', (browserName) => {
  const release = createCleanUp();

  async function openPage(proxy: string): Promise<Page> {
    const { page, close } = await visit(browserName, get(urls, proxy).plain);
    release(close);
    return page;
  }

  test.each(shippedProxies)(
    'behind $name, twenty streams of a page are open, and a POST is answered',
    async ({ name }) => {
      const page = await openPage(name);
      const { session } = await speakIn(get(callers, 'HTTP/2'), get(urls, name).plain);
      // Apache lets through six requests of a page at once, and more once some have been answered.
      const before = name === 'Apache' ? 50 : 0;
      const [states, status] = await page.evaluate(
        async (path, count) => {
          for (let each = 0; each < count; each += 1) await fetch('/health');
          const sources = Array.from({ length: 20 }, () => new EventSource(path));
          await Promise.all(
            sources.map((source) => new Promise((resolve) => source.addEventListener('open', resolve))),
          );
          const posted = await fetch('/session', { method: 'POST' });
          const found = sources.map((source) => source.readyState);
          for (const source of sources) source.close();
          return [found, posted.status] as const;
        },
        `/stream/${session}`,
        before,
      );
      expect(states).toEqual(Array.from({ length: 20 }, () => 1));
      expect(status).toBe(201);
      end(session);
    },
  );

  test("behind each proxy, a ticket's cookie is Secure, and lets its EventSource in again after a cut", async () => {
    const { session, message } = await speakIn(get(callers, 'HTTP/2'), get(urls, 'nginx').plain);
    const pages = await Promise.all(shippedProxies.map(({ name }) => openPage(name)));
    const all = (find: (page: Page) => Promise<unknown>): Promise<unknown> => Promise.all(pages.map(find));
    await all(async (page) => {
      const ticket = await page.evaluate(async (id) => {
        const made = await fetch(`/ticket/${id}`, { method: 'POST' });
        const { url } = (await made.json()) as { url: string };
        return new URL(url, made.url).href;
      }, session);
      await followByEventSource(page, ticket);
    });
    say(message, 'before');
    await all((page) => hear(page, 'before'));
    for (const page of pages)
      expect(await page.browserContext().cookies()).toMatchObject([
        { secure: true, httpOnly: true, sameSite: 'Strict' },
      ]);
    wire.cut();
    say(message, 'after');
    await all((page) => hear(page, 'after'));
    end(message);
  });
});

test('behind each proxy, a plain EventSource comes back after kill -9 and a restart of the server, and has each entry once', async () => {
  const release: (() => unknown)[] = [];
  const folder = temporaryFolder();
  release.push(folder.remove);
  try {
    const port = await findPort();
    const start = (): Promise<ServerChild> =>
      startServerChild(['--data', join(folder.path, 'data.db'), '--port', String(port)]);
    const first = await start();
    release.push(first.kill);
    const post = async (path: string, body: object = {}): Promise<unknown> => {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await fetch(`${first.url}/${path}`, init)).json();
    };
    const { session_id: session } = (await post('session')) as { session_id: string };
    const script = { words: 4, tool: false, end: 'waits', name: 'restart' };
    await post(`message/${session}`, { content: JSON.stringify(script) });

    const certificate = createCertificate();
    release.push(certificate.remove);
    const readers = await Promise.all(
      shippedProxies.map(async (proxy) => {
        const place = { port: await findPort(), upstream: `127.0.0.1:${port}`, certificate };
        release.push(await proxy.start(place));
        return Promise.all(
          browserNames.map(async (browserName) => {
            const { page, close } = await visit(browserName, `https://localhost:${place.port}`);
            release.push(close);
            await followByEventSource(page, `/stream/${session}`);
            return { what: `${browserName} behind ${proxy.name}`, page };
          }),
        );
      }),
    ).then((found) => found.flat());
    const all = (find: (page: Page) => Promise<unknown>): Promise<unknown> =>
      Promise.all(readers.map(({ page }) => find(page)));
    await all((page) => hear(page, 'word 4 of 4'));

    await first.kill();
    // The first error is the cut. The second one is the end of an answer that the proxy gave by itself.
    await all((page) => hearErrors(page, 2));
    const second = await start();
    release.push(second.kill);
    await all((page) => hear(page, '"attempt":2'));
    await post(`cancel/${session}`);
    await all((page) => hear(page, '"message_end"'));

    const log = (await (await fetch(`${second.url}/events/${session}`)).json()) as {
      entries: readonly { id: string }[];
    };
    const ids = log.entries.map(({ id }) => id);
    for (const { what, page } of readers) expect(await readIds(page), what).toEqual(ids);
  } finally {
    for (const each of release.toReversed()) await each();
  }
}, 60_000);
