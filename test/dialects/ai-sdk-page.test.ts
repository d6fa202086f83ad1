// `useChat` of @ai-sdk/react in its strict mode, in real browsers.
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defineAgent } from 'heddle';
import { aiSdk } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { createFaultProxy } from 'heddle/testing';
import type { FaultProxy } from 'heddle/testing';
import { browserNames, usePages } from '../rig/browser.ts';
import { bundleApp } from '../rig/bundle-app.ts';

let bundle: string;
beforeAll(async () => {
  bundle = await bundleApp('test/dialects/ai-sdk-app.fixture.tsx', 'development', ['@heddle/source']);
});

const words = Array.from({ length: 100 }, (_, index) => `${index} `);
let asked: number;
let cancelled: number;
/**
 * The agent says no more words than this, so that an answer cannot end before a slow browser has seen its
 * middle.
 */
let limit: number;
const agent = defineAgent({
  open: () =>
    async function* ({ signal }) {
      asked += 1;
      signal.addEventListener('abort', () => (cancelled += 1));
      for (let said = 0; said < words.length && !signal.aborted; await delay(10)) {
        if (said < limit) yield words[said++] ?? '';
      }
    },
});

let listening: Listening;
let proxy: FaultProxy;
beforeEach(async () => {
  asked = cancelled = 0;
  limit = 30;
  const server = createServer({
    agent,
    store: memoryStore(),
    dialects: [aiSdk()],
    hosts: ['*'],
    page: () => ({
      type: 'whole',
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>Test</title>',
    }),
  });
  listening = await listen(server, { port: 0 });
  proxy = await createFaultProxy({ port: Number(new URL(listening.url).port), plan: () => ({}), seed: 1 });
});
afterEach(async () => {
  await proxy.close();
  await listening.close(0);
});

const answer = (page: Page): Promise<string> =>
  page.$$eval('.assistant', (all) => all.map((each) => each.textContent).join('|'));
const status = (page: Page): Promise<string | null> =>
  page.$eval('main', (main) => main.getAttribute('data-status'));

/** Loads the application, whose script is not part of the page. */
async function load(page: Page, transport: string): Promise<void> {
  await page.goto(`${proxy.url}/?chat=room&transport=${transport}`);
  await page.addScriptTag({ content: bundle });
  await page.waitForSelector('main[data-status]');
}

async function expectWhole(page: Page): Promise<void> {
  await expect.poll(() => answer(page)).toBe(words.join(''));
  await expect.poll(() => status(page)).toBe('ready');
  expect([asked, cancelled]).toEqual([1, 0]);
}

describe.each(browserNames)('%s', (name) => {
  const { newPage } = usePages(name);

  test.each(['heddle', 'default'])('%s transport: a reload in mid-answer', async (transport) => {
    const page = await newPage();
    await load(page, transport);
    await page.click('#send');
    await expect.poll(() => answer(page)).toContain('20 ');
    await load(page, transport);
    limit = words.length;
    await expectWhole(page);
    // A page of a finished answer shows it as it is.
    await load(page, transport);
    await expectWhole(page);
  });

  test('heddle transport: cuts in mid-answer are not seen', async () => {
    const page = await newPage();
    await load(page, 'heddle');
    await page.click('#send');
    for (const next of [60, words.length]) {
      await expect.poll(() => answer(page)).toContain(words[limit - 1]);
      proxy.reset();
      limit = next;
    }
    await expectWhole(page);
  });

  test('default transport: a cut is an error until the page is reloaded', async () => {
    const page = await newPage();
    await load(page, 'default');
    await page.click('#send');
    await expect.poll(() => answer(page)).toContain('20 ');
    proxy.reset();
    await expect.poll(() => status(page)).toBe('error');
    await load(page, 'default');
    limit = words.length;
    await expectWhole(page);
  });

  test('heddle transport: stop after a reload stops the agent', async () => {
    const page = await newPage();
    await load(page, 'heddle');
    await page.click('#send');
    await expect.poll(() => answer(page)).toContain('10 ');
    await load(page, 'heddle');
    await expect.poll(() => answer(page)).toContain('20 ');
    await page.click('#stop');
    await expect.poll(() => cancelled).toBe(1);
    expect(await status(page)).toBe('ready');
  });
});
