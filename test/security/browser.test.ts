// A page of another site can make a real browser do these things.
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { cookieSession } from 'heddle/auth';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { ServerOptions } from 'heddle/server';
import { browserNames, usePages } from '../rig/browser.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

interface Victim extends Listening {
  readonly port: number;
  /** The requests that arrived, as `POST /session 403`. `turns` returns how often the agent was called. */
  readonly seen: string[];
  readonly turns: () => number;
}

async function serve(options: Partial<ServerOptions> = {}): Promise<Victim> {
  let turns = 0;
  const seen: string[] = [];
  const agent = defineAgent({
    open: () =>
      async function* () {
        turns += 1;
        yield 'secret';
      },
  });
  const server = createServer({
    agent,
    store: memoryStore(),
    onAnswer: ({ method, route, status }) => seen.push(`${method} ${route} ${status}`),
    ...options,
  });
  const listening = await listen(server, { port: 0 });
  cleanUp(() => listening.close(0));
  return { ...listening, port: (listening.http.address() as AddressInfo).port, seen, turns: () => turns };
}

/** Starts a page on another port, so of another origin, under a name that makes it another site too. */
async function serveEvil(): Promise<string> {
  const http = createHttpServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><body>evil');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  cleanUp(
    () => http.closeAllConnections(),
    () => http.close(),
  );
  return `http://localhost:${(http.address() as AddressInfo).port}`;
}

describe.each(browserNames)('in %s', (name) => {
  const { newPage } = usePages(name);

  /** Sends everything that a page may send without permission, and everything that needs permission. */
  const attack = `async (victim) => {
    const send = (path, type, mode = 'no-cors', credentials = 'include') =>
      fetch(victim + path, { method: 'POST', mode, credentials, headers: type ? { 'content-type': type } : {}, body: '{"content":"x","prompt":"x"}' }).catch(() => {});
    for (const path of ['/session', '/stream', '/message/S', '/cancel/S', '/ticket/S', '/link/S', '/admin/kill']) {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) await send(path, type);
      for (const credentials of ['include', 'omit']) await send(path, 'application/json', 'cors', credentials);
      navigator.sendBeacon(victim + path, new Blob(['{"prompt":"x"}'], { type: 'text/plain' }));
      try { navigator.sendBeacon(victim + path, new Blob(['{"prompt":"x"}'], { type: 'application/json' })); } catch {}
      for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), { name: path + enctype }));
        const form = Object.assign(document.createElement('form'), { method: 'POST', action: victim + path, enctype, target: frame.name });
        form.append(Object.assign(document.createElement('input'), { name: '{"prompt":"x","a":"', value: '"}' }));
        document.body.append(form);
        form.submit();
      }
    }
    new Image().src = victim + '/stream?prompt=img';
    const source = new EventSource(victim + '/stream?prompt=source');
    await new Promise((resolve) => { source.onerror = resolve; source.onopen = resolve; setTimeout(resolve, 5000); });
    source.close();
    const read = (credentials) =>
      fetch(victim + '/sessions', { credentials }).then((response) => response.status, () => 'refused');
    return [await read('include'), await read('omit')];
  }`;

  test.each([
    ['a server without authentication', {}],
    [
      'a server where the user is logged in',
      {
        authenticate: cookieSession({
          name: 'sid',
          find: (value) => (value === 'login' ? 'ada' : undefined),
        }),
      },
    ],
  ])("another site's forms, beacons, images and fetches do nothing to %s", async (_, options) => {
    const victim = await serve(options);
    const evil = await serveEvil();
    const page = await newPage();
    await page.goto(`${victim.url}/health`);
    await page.evaluate(`document.cookie = 'sid=login'`);
    await page.goto(evil);
    const read = await page.evaluate(`(${attack})(${JSON.stringify(victim.url)})`);
    expect(read).toEqual(['refused', 'refused']);
    await vi.waitFor(
      () => expect(victim.seen.filter((line) => line.startsWith('POST')).length).toBeGreaterThan(40),
      { timeout: 10_000 },
    );
    expect(victim.seen.filter((line) => /^POST|\/stream/.test(line) && !/ 40[13]$/.test(line))).toEqual([]);
    expect(victim.turns()).toBe(0);
  });

  test('the twin: from an allowed origin, the same attack succeeds', async () => {
    const evil = await serveEvil();
    const victim = await serve({ origins: [evil] });
    const page = await newPage();
    await page.goto(evil);
    const read = await page.evaluate(`(${attack})(${JSON.stringify(victim.url)})`);
    // Even so, the browser sends no cookies with it.
    expect(read).toEqual(['refused', 200]);
    expect(victim.seen).toContain('POST /session 201');
    await vi.waitFor(() => expect(victim.turns()).toBeGreaterThan(0));
    // Forms and beacons still fail, because they cannot send JSON without permission.
    expect(victim.seen).toContain('POST /session 415');
  });
});

describe('under DNS rebinding', () => {
  const { newPage } = usePages('chromium', ['--host-resolver-rules=MAP rebound.test 127.0.0.1']);

  /**
   * Sends requests from a page of rebound.test, after the name leads to the server. For the browser the
   * server is then the page's own origin.
   */
  async function rebind(victim: Victim): Promise<readonly unknown[]> {
    const page = await newPage();
    // Probes have a response for all callers and reveal nothing, so the page can be opened there.
    const opened = await page.goto(`http://rebound.test:${victim.port}/health`);
    const read = await page.evaluate(`(async () => {
      const status = async (path, init) => (await fetch(path, init)).status;
      return [
        await status('/sessions'),
        await status('/session', { method: 'POST' }),
        await status('/stream?prompt=x'),
      ];
    })()`);
    return [opened?.status(), ...(read as number[])];
  }

  test('a page whose host name leads to the server is refused, and reads nothing', async () => {
    const victim = await serve();
    expect(await rebind(victim)).toEqual([200, 403, 403, 403]);
    expect(victim.turns()).toBe(0);
  });

  test('the twin: with any host name allowed, such a page can use the whole server', async () => {
    const victim = await serve({ hosts: ['*'] });
    expect(await rebind(victim)).toEqual([200, 200, 201, 200]);
    await vi.waitFor(() => expect(victim.turns()).toBe(1));
  });
});
