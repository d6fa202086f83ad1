// The page with the embedder's own words and colours, as docs/page.md shows them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserNames, usePages } from '../rig/browser.ts';
import { byId, useChatPages } from '../rig/chat-page.ts';
import { useDocsPage } from '../rig/docs-page.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import type { Served } from '../rig/heddle-serve.ts';

const docs = useDocsPage('docs/page.md');
const folder = temporaryFolder();
const agent = join(folder.path, 'agent.mjs');
const prefix = '/help';
let own: Served;
let neutral: Served;
let guide: Served;

beforeAll(async () => {
  const [, settings = ''] = /```json\n(.*?)```/s.exec(docs.text) ?? [];
  writeFileSync(join(folder.path, 'page.json'), settings);
  writeFileSync(
    join(folder.path, 'logo.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1" fill="red"/></svg>',
  );
  writeFileSync(join(folder.path, 'keys.json'), JSON.stringify({ ada: '0'.repeat(64) }));
  writeFileSync(agent, `export default async function* () { yield 'Hello.'; }`);
  const page = ['--page', join(folder.path, 'page.json'), '--base-path', prefix];
  [own, neutral, guide] = await Promise.all([
    heddleServe([agent, '--memory', ...page, '--page-accent', '#ffd700']),
    heddleServe([agent, '--memory']),
    heddleServe(['--memory']),
  ]);
});
afterAll(async () => {
  await Promise.all([own, neutral, guide].map(({ child }) => child.stop()));
  folder.remove();
});

const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => (element as HTMLElement).innerText);

/** Returns whether all images of the page are there, and how many they are. */
const imagesOf = (page: Page): Promise<readonly boolean[]> =>
  page.$$eval('img', (images) =>
    Promise.all(images.map((image) => image.decode().then(() => image.naturalWidth > 0))),
  );

describe.each(browserNames)('in %s', (name) => {
  const { openPage } = useChatPages(name);

  test('the page has its own words, logo and colours, below a path', async () => {
    const page = await openPage(`${own.url}${prefix}`);
    await page.locator(byId('composer')).wait();
    expect(await page.title()).toBe('Acme Help');
    expect(await textOf(page, '.brand')).toBe('Acme Help');
    expect(await textOf(page, '.start')).toMatch(
      /^How can Acme help\?\s+Ask about orders.*Where is my order/s,
    );
    expect(await textOf(page, byId('own-footer'))).toMatch(/Answers may be wrong.*Privacy/s);
    expect(await imagesOf(page)).toEqual([true]);
    await page.locator('.examples button').click();
    await page.locator(`${byId('agent-message')}[data-outcome=completed]`).wait();
    expect(await textOf(page, byId('message'))).toContain('Where is my order 4711?');
    expect(await page.title()).toMatch(/ · Acme Help$/);
  });

  test("without settings the page of an agent is neutral, and only the guide's says Heddle", async () => {
    const page = await openPage(neutral.url);
    await page.locator(byId('composer')).wait();
    expect(await page.title()).toBe('Chat');
    expect(await page.$eval('body', (body) => body.innerText)).not.toMatch(/Heddle|Tokyo/);
    expect(await page.$$(`.examples, ${byId('own-footer')}`)).toEqual([]);
    await page.goto(guide.url);
    await page.locator(byId('composer')).wait();
    expect(await page.title()).toBe('Heddle');
    expect(await textOf(page, '.examples')).toContain('What time is it in Tokyo right now?');
  });
});

describe('in chromium', () => {
  const { newPage } = usePages('chromium');
  const openPage = async (url: string): Promise<Page> => {
    const page = await newPage();
    await page.goto(url);
    return page;
  };

  test('the accent colour is as it was given where texts have enough contrast', async () => {
    const page = await openPage(`${own.url}${prefix}/`);
    await page.locator(byId('composer')).fill('x');
    const colourIn = async (theme: string): Promise<string> => {
      await page.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: theme },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ]);
      return page.$eval('.send', (button) => getComputedStyle(button).backgroundColor);
    };
    await expect.poll(() => colourIn('dark')).toBe('rgb(255, 215, 0)');
    // The button changes its colour in a transition, so the first look may be too early.
    await expect.poll(() => colourIn('light')).toMatch(/^rgb\(1\d\d, 1\d\d, 0\)$/);
  });

  test('the page can be installed as an app', async () => {
    for (const { url, name } of [
      { url: `${own.url}${prefix}/`, name: 'Acme Help' },
      { url: `${neutral.url}/`, name: 'Chat' },
    ]) {
      const page = await openPage(url);
      const devTools = await page.createCDPSession();
      const { data = '{}', errors } = await devTools.send('Page.getAppManifest');
      expect(errors).toEqual([]);
      expect(JSON.parse(data)).toMatchObject({ name, start_url: './' });
      const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors');
      // The pages of tests are private ones.
      expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
    }
  });

  test('the language of the page wins over that of the browser', async () => {
    const japanese = await heddleServe([
      agent,
      '--memory',
      '--page-language',
      'ja',
      `--page=${join(folder.path, 'page.json')}`,
      `--api-keys=${join(folder.path, 'keys.json')}`,
    ]);
    try {
      const page = await openPage(`${japanese.url}/`);
      await page.locator(byId('sign-in')).wait();
      // The sign-in page has the words as well.
      expect(await page.title()).toBe('サインイン · アクメ相談室');
      expect(await textOf(page, '.brand')).toBe('アクメ相談室');
      expect(await textOf(page, byId('own-footer'))).toContain('Privacy');
      expect(await page.$eval('html', (html) => html.lang)).toBe('ja');
    } finally {
      await japanese.child.stop();
    }
  });

  test('the server of docs/page.md serves the page with its settings', async () => {
    const page = await openPage(docs.url);
    await page.locator(byId('composer')).wait();
    expect(await page.title()).toBe('Acme Help');
  });
});
