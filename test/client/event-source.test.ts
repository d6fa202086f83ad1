// The browsers' own EventSource on the one-shot stream.
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Page } from 'puppeteer-core';
import { defineAgent } from 'heddle';
import type { AgentEvent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { browserNames, usePages } from '../rig/browser.ts';
import { createCuttingProxy } from '../rig/cutting-proxy.ts';
import type { CuttingProxy } from '../rig/cutting-proxy.ts';

describe.each(browserNames)('in %s', (name) => {
  const { newPage } = usePages(name);
  let listening: Listening;
  let proxy: CuttingProxy;
  let page: Page;
  const turns = { count: 0 };
  let goOn: (() => void)[] = [];
  const requests: string[] = [];

  afterEach(async () => {
    proxy.close();
    await listening.close(0);
  });

  /**
   * Starts a server behind a proxy and opens a page of its origin. The agent says one word each time `goOn`
   * is called.
   */
  async function setUp(words: readonly string[]): Promise<void> {
    turns.count = 0;
    requests.length = 0;
    const gates = words.map(() => Promise.withResolvers<void>());
    goOn = gates.map(({ resolve }) => resolve);
    const agent = defineAgent({
      open: () =>
        async function* (): AsyncGenerator<AgentEvent> {
          turns.count += 1;
          for (const [index, word] of words.entries()) {
            await gates[index]?.promise;
            yield word;
          }
        },
    });
    const server = createServer({ agent, store: memoryStore(), gatherMs: 0 });
    listening = await listen(server, { port: 0 });
    listening.http.on('request', ({ url, headers }) =>
      requests.push([url, headers['last-event-id']].join(' ')),
    );
    proxy = await createCuttingProxy((listening.http.address() as AddressInfo).port);
    page = await newPage();
    await page.goto(`${proxy.url}/health`);
  }

  /** Opens an EventSource in the page. Received events are kept in `window.heard`. */
  async function openEventSource(path: string): Promise<void> {
    await page.evaluate((url) => {
      const heard: string[] = [];
      const source = new EventSource(url);
      for (const name of ['content', 'tool_use', 'end']) {
        source.addEventListener(name, (event) =>
          heard.push(`${name} ${(event as MessageEvent<string>).data}`),
        );
      }
      Object.assign(window, { heard, source });
    }, path);
  }

  function heard(): Promise<readonly string[]> {
    return page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  }

  const asked = (): readonly string[] => requests.filter((url) => url.startsWith('/stream'));

  function readyState(): Promise<number> {
    return page.evaluate(() => (window as unknown as { source: EventSource }).source.readyState);
  }

  test('an EventSource that is cut in mid-answer and after the end starts one turn, receives all events once, and stops', async () => {
    await setUp(['un', 'believ', 'able']);
    await openEventSource('/stream?prompt=hi');
    goOn[0]?.();
    await vi.waitFor(async () => expect(await heard()).toHaveLength(1));
    proxy.cut();
    goOn[1]?.();
    // It waits 1 to 2 s before it reconnects, as the server's `retry` asks.
    await vi.waitFor(async () => expect(await heard()).toHaveLength(2));
    goOn[2]?.();
    await vi.waitFor(async () => expect(await heard()).toHaveLength(4));
    // The stream has ended cleanly. The EventSource reconnects by itself, and gets the response that there is
    // no more.
    await vi.waitFor(async () => expect(await readyState()).toBe(2));
    expect(await heard()).toEqual([
      'content {"content":"un"}',
      'content {"content":"believ"}',
      'content {"content":"able"}',
      'end {}',
    ]);
    expect(turns.count).toBe(1);
    expect(asked()).toHaveLength(3);
  });

  test('an EventSource that is cut before its first frame starts one turn, because of its key', async () => {
    await setUp(['word']);
    // Cut on arrival: the server has the request, and the browser has nothing. The browser may also request
    // an icon.
    listening.http.on('request', () => {
      if (asked().length === 1) proxy.cut();
    });
    await openEventSource('/stream?prompt=hi&key=k1');
    // Firefox retries at once, below EventSource. Chromium's EventSource retries after 3 s.
    await vi.waitFor(() => expect(asked()).toHaveLength(2));
    goOn[0]?.();
    await vi.waitFor(async () => expect(await readyState()).toBe(2));
    expect(await heard()).toEqual(['content {"content":"word"}', 'end {}']);
    expect(turns.count).toBe(1);
  });

  test.each([
    ['another origin of the same site', '127.0.0.1'],
    ['another site', 'localhost'],
  ])('an image, a frame, a script and a link on %s start nothing', async (_, host) => {
    await setUp(['word']);
    const target = `${listening.url}/stream?prompt=hi`;
    const evil = createHttpServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<a href="${target}&from=link">x</a>`);
    });
    await new Promise<void>((resolve) => evil.listen(0, resolve));
    await page.goto(`http://${host}:${(evil.address() as AddressInfo).port}/`);
    // Only once the page is loaded: Firefox blocks the frame, and its driver can take that for a failed `goto`.
    await page.evaluate((src) => {
      for (const kind of ['img', 'iframe', 'script'] as const) {
        const element = document.createElement(kind);
        element.src = `${src}&from=${kind}`;
        document.body.append(element);
      }
    }, target);
    const seen = (from: string) => vi.waitFor(() => expect(requests.join('\n')).toContain(`from=${from}`));
    await Promise.all(['img', 'iframe', 'script'].map(seen));
    const navigation = page.waitForResponse((response) => response.url().includes('from=link'));
    await page.click('a');
    expect((await navigation).status()).toBe(403);
    expect(turns.count).toBe(0);
    await new Promise((resolve) => evil.close(resolve));
  });

  test('an EventSource receives the whole answer when the server shuts down in mid-answer', async () => {
    await setUp(['un', 'believable']);
    await openEventSource('/stream?prompt=hi');
    goOn[0]?.();
    await vi.waitFor(async () => expect(await heard()).toHaveLength(1));
    const closed = listening.close(10_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    goOn[1]?.();
    await vi.waitFor(async () => expect(await heard()).toHaveLength(3));
    expect(await heard()).toEqual(['content {"content":"un"}', 'content {"content":"believable"}', 'end {}']);
    await closed;
  });

  test('an EventSource keeps retrying after its server was shut down', async () => {
    await setUp(['word']);
    const created = await page.evaluate(
      async () => (await (await fetch('/session', { method: 'POST' })).json()) as { session_id: string },
    );
    await openEventSource(`/stream/${created.session_id}`);
    await vi.waitFor(async () => expect(await readyState()).toBe(1));
    await listening.close(0);
    // It retries after 1 to 2 s, and again. The state CLOSED would be final.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await readyState()).toBe(0);
  });
});
