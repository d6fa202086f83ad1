// Signing in to the page in a real browser, before `heddle serve` with keys, and before servers whose logins
// change.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HTTPRequest, Page } from 'puppeteer-core';
import { expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { apiKeys, cookieSession } from 'heddle/auth';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { Authenticate, Principal } from 'heddle/server';
import { usePages } from '../rig/browser.ts';
import { ask, byId, visibleTexts } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const card = byId('sign-in');
const answer = byId('agent-message');
const done = `${answer}[data-outcome=completed]`;
const signOut = byId('sign-out');
const [adasKey, adasNewKey, evesKey] = ['ada-key-7', 'ada-key-8', 'eve-key-9'];
const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
const digests = { ada: [sha256(adasKey), sha256(adasNewKey)], eve: sha256(evesKey) };

const { newPage } = usePages('chromium');
const cleanUp = createCleanUp();

/** Starts `heddle serve` with a file of keys. */
async function serveKeys(): Promise<string> {
  const { path, remove } = temporaryFolder();
  cleanUp(remove);
  const file = join(path, 'keys.json');
  writeFileSync(file, JSON.stringify({ ada: sha256(adasKey), eve: sha256(evesKey) }));
  const { url, child } = await heddleServe(['--memory', '--api-keys', file], { HEDDLE_GUIDE_PACE_MS: '5' });
  cleanUp(() => child.stop());
  return url;
}

/** Starts a server in this process. Its agent stops in mid-word until `goOn` is called. */
async function servePausing(
  authenticate: Authenticate,
  isRevoked: (principal: Principal) => boolean = () => false,
): Promise<{ readonly url: string; goOn(): void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const agent = defineAgent({
    open: () =>
      async function* () {
        yield 'It is unin';
        await promise;
        yield 'terrupted.';
      },
  });
  const page = pageFiles(join(root, 'dist/page'));
  const server = createServer({ agent, store: memoryStore(), page, authenticate, isRevoked });
  const { url, close } = await listen(server, { port: 0 });
  cleanUp(() => close(0), resolve);
  return { url, goOn: resolve };
}

/** Opens the page. Errors in its console, except refusals, fail the test at its end. */
async function open(url: string, beside?: Page): Promise<Page> {
  const page = await newPage(beside);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const expected = /net::ERR|status of 40[14]/.test(message.text());
    if (message.type() === 'error' && !expected) complaints.push(message.text());
  });
  cleanUp(() => {
    expect(complaints).toEqual([]);
  });
  await page.goto(url);
  return page;
}

async function signIn(page: Page, key: string): Promise<void> {
  // A hidden page draws nothing, and undrawn elements cannot be clicked.
  await page.bringToFront();
  await page.locator(byId('key')).fill(key);
  await page.keyboard.press('Enter');
}

async function openAs(key: string, url: string, beside?: Page): Promise<Page> {
  const page = await open(url, beside);
  await signIn(page, key);
  await page.locator(signOut).wait();
  return page;
}

function composerText(page: Page): Promise<string> {
  return page.$eval(byId('composer'), (box) => (box as HTMLTextAreaElement).value);
}

test('a wrong key shows an error, and with the right one the page works, also after a reload', async () => {
  const url = await serveKeys();
  const page = await open(url);
  const asked: HTTPRequest[] = [];
  page.on('request', (request) => asked.push(request));
  await page.locator(card).wait();
  expect(await page.$(byId('composer'))).toBeNull();

  for (const wrong of ['wrong', '鍵']) {
    await signIn(page, wrong);
    await page.locator(`${card} [role=alert]`).wait();
    expect(await visibleTexts(page, `${card} [role=alert]`)).toEqual([
      expect.stringContaining('not accepted'),
    ]);
    await page.locator(`${byId('key')}:focus[aria-invalid=true]`).wait();
  }
  await signIn(page, ` ${adasKey} `);
  await page.locator('.sessions .quiet').wait();
  expect(await visibleTexts(page, '.sessions .quiet')).toEqual(['Your conversations will appear here.']);

  await ask(page, 'What is 6 * 7?');
  await page.locator(done).wait();
  expect((await visibleTexts(page, answer)).join()).toContain('42');
  await page.reload();
  await page.locator(done).wait();
  await page.locator('.session-item').wait();
  expect(await page.$(card)).toBeNull();

  // The key is sent in a header and kept in the tab's storage, and nowhere else.
  expect(asked.filter((request) => request.headers()['authorization'] === `Bearer ${adasKey}`)).not.toEqual(
    [],
  );
  expect(asked.filter((request) => request.url().includes(adasKey))).toEqual([]);
  const kept = await page.evaluate(async () => ({
    tab: JSON.stringify(sessionStorage),
    elsewhere: JSON.stringify([
      localStorage,
      document.cookie,
      location.href,
      await navigator.locks.query(),
      await indexedDB.databases(),
      await caches.keys(),
    ]),
  }));
  expect(kept.tab).toContain(adasKey);
  expect(kept.elsewhere).toContain('heddle/');
  expect(kept.elsewhere).not.toContain(adasKey);
});

test('tabs with one key share a connection, a sign-out ends both, and the next person finds nothing', async () => {
  const url = await serveKeys();
  const one = await openAs(adasKey, url);
  await ask(one, 'What is 6 * 7?');
  await one.locator(done).wait();
  const hash = new URL(one.url()).hash;

  const two = await open(one.url(), one);
  const streams: string[] = [];
  two.on('request', (request) => {
    if (/\/streams?\b/.test(request.url())) streams.push(request.url());
  });
  await signIn(two, adasKey);
  await two.locator(done).wait();
  await ask(two, 'What is 2 + 3?');
  for (const page of [one, two]) {
    await vi.waitFor(async () => expect(await page.$$(done)).toHaveLength(2));
    expect((await visibleTexts(page, answer)).at(-1)).toContain('5');
  }
  expect(streams).toEqual([]);

  // Another person in a tab of the same browser has a connection of their own.
  const eves = await openAs(evesKey, url, one);
  await ask(eves, 'What is 10 - 3?');
  await eves.locator(done).wait();
  const { held = [] } = await eves.evaluate(() => navigator.locks.query());
  expect(new Set(held.map(({ name }) => name)).size).toBe(2);
  expect(await eves.$$('.session-item')).toHaveLength(1);

  await two.bringToFront();
  await two.locator(byId('composer')).fill('half a thou');
  await one.bringToFront();
  await one.locator(signOut).click();
  for (const page of [one, two]) {
    await page.locator(card).wait();
    expect(await page.evaluate(() => [sessionStorage.length, location.hash])).toEqual([0, '#/']);
  }
  expect(await eves.$(card)).toBeNull();

  await signIn(two, evesKey);
  await two.locator('.session-item').wait();
  expect(await visibleTexts(two, '.session-title')).toEqual(['What is 10 - 3?']);
  expect(await composerText(two)).toBe('');
  await two.evaluate((to) => (location.hash = to), hash);
  await two.locator('.notice').wait();
  expect(await two.$$(answer)).toEqual([]);
});

test.each([
  ["after a sign-out its text is not in the next person's composer", true, evesKey, ''],
  [
    'the twin: without a sign-out its text is back in the composer after the next sign-in',
    false,
    adasKey,
    'a secret',
  ],
])('a message is refused while it is sent; %s', async (_, leaves, nextKey, left) => {
  const page = await openAs(adasKey, await serveKeys());
  const held = Promise.withResolvers<HTTPRequest>();
  page.on('request', (request) => {
    if (request.method() === 'POST') held.resolve(request);
    else void request.continue();
  });
  await page.setRequestInterception(true);
  await ask(page, 'a secret');
  const request = await held.promise;
  if (leaves) await page.locator(signOut).click();
  await request.respond({ status: 401 });
  await page.locator(card).wait();
  await signIn(page, nextKey);
  await page.locator(signOut).wait();
  expect(await composerText(page)).toBe(left);
});

test('after a key is revoked in mid-answer the page asks for a key, and the answer goes on in mid-word', async () => {
  const revoked = new Set<string | undefined>();
  const { url, goOn } = await servePausing(apiKeys(digests), ({ credential }) => revoked.has(credential));
  const one = await openAs(adasKey, url);
  await ask(one, 'hello');
  await one.locator(answer).wait();
  const two = await openAs(adasKey, one.url(), one);
  for (const page of [one, two]) {
    await vi.waitFor(async () => expect(await visibleTexts(page, answer)).toEqual(['It is unin']));
    await page.bringToFront();
    await page.locator(byId('composer')).fill('half a thou');
  }

  revoked.add(`key-${sha256(adasKey).slice(0, 12)}`);
  for (const page of [one, two]) {
    await page.locator(card).wait();
    expect(await visibleTexts(page, `${card} h1`)).toEqual(['Sign in again']);
    expect(await page.$$(answer)).toEqual([]);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await signIn(page, adasKey);
    await page.locator(`${card} [role=alert]`).wait();
    await signIn(page, adasNewKey);
  }
  for (const page of [one, two]) {
    await vi.waitFor(async () => expect(await visibleTexts(page, answer)).toEqual(['It is unin']));
    expect(await composerText(page)).toBe('half a thou');
  }
  goOn();
  for (const page of [one, two]) {
    await page.locator(done).wait();
    expect(await visibleTexts(page, answer)).toEqual([expect.stringMatching(/^It is uninterrupted\./)]);
  }
});

test('a caller with a cookie is not asked for a key, and a caller without one reads how to sign in elsewhere', async () => {
  const { url } = await servePausing(
    cookieSession({ name: 'sid', find: (value) => (value === 'adas' ? 'ada' : undefined) }),
  );
  const page = await open(url);
  await page.locator(card).wait();
  expect((await visibleTexts(page, card)).join()).toContain('If you sign in on another page');
  await page.browserContext().setCookie({ name: 'sid', value: 'adas', domain: '127.0.0.1', path: '/' });
  await page.reload();
  await ask(page, 'hello');
  await page.locator(answer).wait();
  expect(await page.$(card)).toBeNull();
  expect(await page.$(signOut)).toBeNull();
});
