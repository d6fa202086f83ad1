// Dangerous text of a model, as the page renders it while it streams. Each prefix of a text counts as a text
// of its own.
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { createClient } from 'heddle/client';
import { listen, pageFiles } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { ServerOptions } from 'heddle/server';
import { usePages } from '../rig/browser.ts';
import { byId, useChatPages } from '../rig/chat-page.ts';
import { careless } from './careless-markdown.fixture.ts';
import { root } from '../rig/child.ts';
import { oddMarkdown, toHostileMarkdown } from '../../page/src/markdown/hostile.fixture.ts';
import { buildMarkdownPage } from '../page/markdown-page.fixture.ts';

let payloads: Readonly<Record<string, string>>;
let texts: readonly string[];
/** The requests that the attacker's server received. */
const fetched: string[] = [];
/** The page's markdown on a page of its own, without the policy that blocks scripts. */
let bare: string;
const toClose: (() => unknown)[] = [];
beforeAll(async () => {
  const away = createHttpServer(({ url = '' }, response) => {
    fetched.push(url);
    response.end();
  });
  await new Promise<void>((resolve) => away.listen(0, '127.0.0.1', resolve));
  toClose.push(() => away.close());
  payloads = toHostileMarkdown(`http://away.localhost:${(away.address() as AddressInfo).port}`);
  texts = [...Object.values(payloads), ...oddMarkdown];

  const folder = await buildMarkdownPage();
  toClose.push(folder.remove);
  const shown = pageFiles(folder.path);
  bare = await serve((path) => {
    const reply = shown(path);
    const { 'content-security-policy': _, ...headers } = reply?.headers ?? {};
    return reply && { ...reply, headers };
  });
});
beforeEach(() => void fetched.splice(0));
afterAll(async () => {
  for (const close of toClose.toReversed()) await close();
});

async function serve(page: NonNullable<ServerOptions['page']>): Promise<string> {
  const { url, close } = await listen(createServer({ agent, store: memoryStore(), gatherMs: 0, page }), {
    port: 0,
  });
  toClose.push(() => close(0));
  return url;
}

/**
 * Sends the payloads to all places where the page shows a model's words. Text comes one character at a time.
 */
const agent = defineAgent({
  open: () =>
    async function* () {
      for (const [index, text] of texts.entries()) {
        const call = `c${index}`;
        yield { type: 'reasoning_start' };
        yield { type: 'reasoning', data: text };
        yield { type: 'tool_use', call, tool: text, input: { [text]: text } };
        yield { type: 'tool_result', call, output: text };
        yield { type: 'custom', name: text, data: text };
        yield '\n\n';
        yield* text;
      }
    },
});

/** Collects the effects: calls of `hit`, dialogs, requests to other servers, and other pages. */
async function watch(page: Page): Promise<Set<string>> {
  const seen = new Set<string>();
  const isHome = (url: string): boolean => new URL(url).hostname === '127.0.0.1';
  await page.exposeFunction('hit', () => void seen.add('hit'));
  page.on('dialog', (dialog) => {
    seen.add('dialog');
    void dialog.dismiss();
  });
  page.on('popup', () => seen.add('popup'));
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame() || !isHome(frame.url())) seen.add(`page ${frame.url()}`);
  });
  page.on('request', (request) => {
    if (!isHome(request.url())) seen.add(`request ${request.url()}`);
  });
  return seen;
}

/** Does everything that a mouse and a keyboard can do to each element, but follows no link to the web. */
const touch = `() => {
  for (const element of document.querySelectorAll('#root *')) {
    const { protocol } = element;
    const isWeb = ['https:', 'http:', 'mailto:'].includes(protocol);
    // A colon alone is the protocol of an address that leads nowhere.
    if (element.href && protocol !== ':' && !isWeb) window.odd.add(element.outerHTML);
    if (isWeb && element.origin === location.origin) window.odd.add(element.outerHTML);
    if (isWeb && element.rel !== 'noopener noreferrer') window.odd.add(element.outerHTML);
    for (const type of ['mouseover', 'pointerover', 'focus']) element.dispatchEvent(new Event(type, { bubbles: true }));
    const click = new MouseEvent('click', { bubbles: true, cancelable: true });
    if (isWeb || protocol === ':') element.addEventListener('click', (event) => event.preventDefault(), { once: true });
    element.dispatchEvent(click);
  }
}`;

describe('in the page itself', () => {
  const { openPage } = useChatPages('chromium');

  test('nothing runs, loads or leaves the page, wherever a model says it', async () => {
    const url = await serve(pageFiles(join(root, 'dist/page')));
    const page = await openPage(url);
    const seen = await watch(page);
    // Sent by the client, because typing would take long.
    const session = await createClient({ url }).create();
    await session.send(texts.join('\n\n'));
    await page.goto(`${url}/#/s/${session.id}`);
    await page.waitForSelector(`${byId('agent-message')}[data-outcome=completed]`, { timeout: 40_000 });
    // Folded parts are rendered only when they are opened.
    await page.$$eval('details', (folded) => folded.forEach((each) => (each.open = true)));
    await vi.waitFor(async () => expect(await page.$$('details:not(:has(.disclosure-body))')).toEqual([]), {
      timeout: 10_000,
    });
    await page.waitForNetworkIdle();
    expect(await page.$$(`${byId('tool-card')} .disclosure-body`)).toHaveLength(texts.length);
    expect(await page.$$('.reasoning .disclosure-body')).toHaveLength(texts.length);
    expect([...seen]).toEqual([]);
    expect(fetched).toEqual([]);
  });
});

describe('as the page renders it', () => {
  const { newPage } = usePages('chromium');

  test('nothing runs, loads or leaves the page, wherever a text is cut, and without the policy', async () => {
    const page = await newPage();
    const seen = await watch(page);
    await page.goto(bare);
    const { rendered, odd } = (await page.evaluate(`(async () => {
      const touch = ${touch};
      window.odd = new Set();
      let rendered = 0;
      for (const text of ${JSON.stringify(texts)}) {
        for (let end = 1; end <= text.length; end += 1) {
          window.show(text.slice(0, end));
          touch();
          rendered += 1;
          // Images and frames load, and fail, in tasks of their own.
          if (end % 16 === 0) await new Promise((resolve) => setTimeout(resolve));
        }
      }
      return { rendered, odd: [...window.odd] };
    })()`)) as { rendered: number; odd: readonly string[] };
    expect(rendered).toBe(texts.join('').length);
    await page.waitForNetworkIdle();
    expect(odd).toEqual([]);
    expect([...seen]).toEqual([]);
    expect(fetched).toEqual([]);
  });

  test('the twin: with a careless renderer and without the policy, each payload succeeds', async () => {
    const first = await newPage();
    for (const [name, text] of Object.entries(payloads)) {
      const page = await newPage(first);
      const seen = await watch(page);
      await page.goto(bare);
      // Some payloads leave the page.
      const run = `(() => { window.odd = new Set(); (${careless})(${JSON.stringify(text)}); (${touch})(); })()`;
      await page.evaluate(run).catch(() => {});
      await vi.waitFor(() => expect(seen.size, name).toBeGreaterThan(0));
      await page.close();
    }
    expect(fetched).not.toEqual([]);
  });
});
