// The page in browsers that refuse it some features. Here all site data is blocked.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, LaunchOptions } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineAgent } from 'heddle';
import { apiKeys } from 'heddle/auth';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { browserNames, launchBrowser } from '../rig/browser.ts';
import type { BrowserName } from '../rig/browser.ts';
import { ask, byId, visibleTexts } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

const key = 'ada-key-7';
const { path: profile, remove } = temporaryFolder();
let listening: Listening;

beforeAll(async () => {
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        yield `You said: ${String(input.content)}`;
      },
  });
  const authenticate = apiKeys({ ada: createHash('sha256').update(key).digest('hex') });
  const page = pageFiles(join(root, 'dist/page'));
  listening = await listen(createServer({ agent, authenticate, store: memoryStore(), page }), { port: 0 });
});
afterAll(async () => {
  await listening.close(0);
  remove();
});

/** Returns launch options that block all site data, as the browser's settings do. */
function blocking(name: BrowserName): LaunchOptions {
  if (name === 'firefox') return { extraPrefsFirefox: { 'network.cookie.cookieBehavior': 2 } };
  mkdirSync(join(profile, 'Default'), { recursive: true });
  const settings = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(settings));
  return { userDataDir: profile };
}

describe.each(browserNames)('in %s, with all site data blocked', (name) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(name, [], blocking(name));
  });
  afterAll(() => browser.close());

  test('a user signs in, asks, gets an answer, and signs out', async () => {
    // The settings apply to the browser's default context only, so this page opens there.
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(listening.url);
    await page.locator(byId('key')).fill(key);
    await page.keyboard.press('Enter');
    await page.locator(byId('sign-out')).wait();
    await ask(page, 'hello');
    await page.locator(`${byId('agent-message')}[data-outcome=completed]`).wait();
    expect(await visibleTexts(page, byId('agent-message'))).toEqual([
      expect.stringContaining('You said: hello'),
    ]);
    await page.locator(byId('sign-out')).click();
    await page.locator(byId('sign-in')).wait();
    expect(errors).toEqual([]);

    // Storage is refused, so a reload asks for the key again.
    await page.locator(byId('key')).fill(key);
    await page.keyboard.press('Enter');
    await page.locator(byId('sign-out')).wait();
    await page.reload();
    await page.locator(byId('sign-in')).wait();
  });
});
