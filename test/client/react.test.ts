// The built `heddle/react` in an application of its own, in real browsers.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import type { Page } from 'puppeteer-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient } from 'heddle/client';
import { defineAgent, toText } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { browserNames, usePages } from '../rig/browser.ts';
import { bundleApp } from '../rig/bundle-app.ts';
import { root } from '../rig/child.ts';
import type { Mounted, TestApp } from './react-app.fixture.tsx';

type Mode = 'development' | 'production';
const bundles: Partial<Record<Mode, string>> = {};
beforeAll(async () => {
  for (const mode of ['development', 'production'] as const) {
    bundles[mode] = await bundleApp('test/client/react-app.fixture.tsx', mode);
  }
});

const deltas = 1_000;
/** For the prompt "burst", the agent says a thousand words, one after another. */
const agent = defineAgent({
  open: () =>
    async function* ({ input, signal }) {
      const prompt = toText(input.content);
      if (prompt === 'wait') await once(signal, 'abort');
      for (let index = 0; prompt === 'burst' && index < deltas; index += 1) {
        await delay(1);
        yield `${index} `;
      }
      yield `You said ${prompt}.`;
    },
});

let listening: Listening;
let streams: number;
let requests: string[];
beforeEach(async () => {
  const server = createServer({
    agent,
    store: memoryStore(),
    gatherMs: 0,
    page: () => ({
      type: 'whole',
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>Test</title>',
    }),
  });
  listening = await listen(server, { port: 0 });
  streams = 0;
  requests = [];
  listening.http.on('request', ({ method, url = '' }, response) => {
    requests.push(`${method} ${url}`);
    if (!url.startsWith('/stream/')) return;
    streams += 1;
    response.on('close', () => (streams -= 1));
  });
});
afterEach(() => listening.close(0));

/** Calls a function with the application, in the page. */
function ask<T>(page: Page, question: (app: TestApp) => T): Promise<T> {
  return page.evaluate(`(${String(question)})(window.app)`) as Promise<T>;
}

const text = (page: Page): Promise<string> => page.$eval('main', (main) => main.innerText);
const status = (page: Page): Promise<string | undefined> =>
  page.$eval('main', (main) => main.dataset['status']);
const create = async (): Promise<string> => {
  const { id } = await createClient({ url: listening.url }).create();
  return `${listening.url}/session/${id}`;
};

describe.each(browserNames)('in %s', (name) => {
  const { newPage } = usePages(name);

  async function open(mode: Mode): Promise<Page> {
    const page = await newPage();
    await page.goto(listening.url);
    await page.evaluate(bundles[mode] ?? '');
    return page;
  }

  async function mount(page: Page, what: Mounted, source: string, strict = false): Promise<void> {
    await page.evaluate(`app.mount(${JSON.stringify(what)}, ${JSON.stringify(source)}, ${strict})`);
    if (what !== 'careless') await page.waitForSelector('main');
  }

  test('the first message creates one session, also in strict mode, and is never shown twice', async () => {
    const page = await open('development');
    await mount(page, 'hook', listening.url, true);
    expect(await status(page)).toBe('ready');
    await ask(page, ({ view }) => view.send('hello').then(() => view.send('hello').then(() => undefined)));
    await vi.waitFor(async () => expect((await text(page)).match(/You said hello/g)).toHaveLength(2));
    await vi.waitFor(async () => expect(await status(page)).toBe('ready'));
    expect(requests.filter((request) => /^POST \/session\b/.test(request))).toHaveLength(1);
    expect(streams).toBe(1);
    expect(await ask(page, ({ most }) => most)).toBe(2);
  });

  test('the URL of the session that was created changes nothing, and the URL of the server starts anew', async () => {
    const page = await open('development');
    await mount(page, 'hook', listening.url, true);
    await ask(page, ({ view }) => view.send('hello').then(() => undefined));
    await vi.waitFor(async () => expect(await text(page)).toContain('You said hello.'));
    const id = await ask(page, ({ view }) => view.session);
    const before = requests.length;
    await mount(page, 'hook', `${listening.url}/session/${id}`, true);
    await delay(300);
    expect(await text(page)).toContain('You said hello.');
    expect(requests).toHaveLength(before);
    await mount(page, 'hook', listening.url, true);
    await vi.waitFor(() => expect(streams).toBe(0));
    expect(await text(page)).toBe('');
    expect(await status(page)).toBe('ready');
  });

  test('in strict mode one connection remains, and after unmounting none', async () => {
    const page = await open('development');
    const source = await create();
    await mount(page, 'hook', source, true);
    await vi.waitFor(async () => expect(await ask(page, ({ view }) => view.connection)).toBe('live'));
    expect(streams).toBe(1);
    expect(requests.filter((request) => request.startsWith('GET /stream/'))).toHaveLength(1);
    await ask(page, ({ unmount }) => unmount());
    await vi.waitFor(() => expect(streams).toBe(0));
  });

  test('two components that follow one session have one connection, also in strict mode', async () => {
    const page = await open('development');
    const source = await create();
    await mount(page, 'twice', source, true);
    await vi.waitFor(async () => expect(await ask(page, ({ view }) => view.connection)).toBe('live'));
    expect(await page.$$('main')).toHaveLength(2);
    await ask(page, ({ view }) => view.send('hello').then(() => undefined));
    const texts = (): Promise<readonly string[]> =>
      page.$$eval('main', (all) => all.map((each) => each.innerText));
    await vi.waitFor(async () => {
      for (const shown of await texts()) expect(shown).toContain('You said hello.');
    });
    expect(requests.filter((request) => request.startsWith('GET /stream/'))).toHaveLength(1);
    await ask(page, ({ unmount }) => unmount());
    await vi.waitFor(() => expect(streams).toBe(0));
  });

  test('strict mode reveals a conversation that is never closed', async () => {
    const page = await open('development');
    const source = await create();
    await mount(page, 'careless', source, true);
    await vi.waitFor(() => expect(streams).toBe(2));
    await ask(page, ({ unmount }) => unmount());
    await delay(300);
    expect(streams).toBe(2);
  });

  test('a thousand deltas are committed at most once a frame, and render no other message', async () => {
    const page = await open('production');
    // Frames are slow here, so that several words come between two frames even on a busy machine.
    await page.evaluate(() => {
      window.requestAnimationFrame = (callback) => Number(setTimeout(() => callback(performance.now()), 100));
      window.cancelAnimationFrame = clearTimeout;
    });
    const source = await create();
    await mount(page, 'hook', source);
    await ask(page, ({ view }) => view.send('hello').then(() => undefined));
    await vi.waitFor(async () => expect(await text(page)).toContain('You said hello.'));
    // The end of an answer renders it once more.
    await vi.waitFor(async () => expect(await status(page)).toBe('ready'));
    await page.evaluate(`app.count(${JSON.stringify(source)})`);
    const before = await ask(page, ({ renders }) => ({ ...renders }));
    const at = await ask(page, ({ frames, commits }) => ({ frames, commits }));
    await ask(page, ({ view }) => view.send('burst').then(() => undefined));
    await vi.waitFor(async () => expect(await text(page)).toContain('You said burst.'));
    const { frames, commits, changes, renders } = await ask(page, (app) => ({ ...app, view: undefined }));
    expect(await text(page)).toContain(Array.from({ length: deltas }, (_, index) => `${index} `).join(''));
    // Two changes are not gathered: the message is being sent, and the log has it.
    expect(commits - at.commits).toBeLessThanOrEqual(frames - at.frames + 2);
    // Otherwise there was nothing to gather.
    expect(changes).toBeGreaterThan(2 * (frames - at.frames));
    for (const [message, count] of Object.entries(before)) expect(renders[message]).toBe(count);
  });

  test('a hidden tab also shows the answer', async () => {
    const page = await open('production');
    await mount(page, 'hook', await create());
    const other = await newPage(page);
    await other.bringToFront();
    await vi.waitFor(async () => expect(await page.evaluate(() => document.hidden)).toBe(true));
    const frames = await ask(page, (app) => app.frames);
    await ask(page, ({ view }) => view.send('hello').then(() => undefined));
    await vi.waitFor(async () => expect(await text(page)).toContain('You said hello.'));
    expect((await ask(page, (app) => app.frames)) - frames).toBeLessThan(3);
  });

  test('a refused message stays with the caller', async () => {
    const page = await open('production');
    const source = await create();
    await mount(page, 'hook', source);
    await vi.waitFor(async () => expect(await status(page)).toBe('ready'));
    await createClient({ url: listening.url })
      .session(source.split('/session/')[1] ?? '')
      .drop();
    await vi.waitFor(async () => expect(await status(page)).toBe('error'));
    const code = await ask(page, ({ view }) =>
      view.send('hello').then(
        () => 'sent',
        (error: { readonly code: string }) => error.code,
      ),
    );
    expect(code).toBe('not_found');
    expect(await text(page)).toBe('');
  });
});

test('its bundle contains no package, and imports only React', async () => {
  const { metafile } = await build({
    stdin: { contents: "export * from 'heddle/react'", resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    metafile: true,
    external: ['react'],
  });
  const inputs = Object.keys(metafile.inputs).filter((input) => input !== '<stdin>');
  expect(inputs.filter((input) => !input.startsWith('dist/'))).toEqual([]);
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(new Set(imported)).toEqual(new Set(['react']));
});
