// The choices of a user on the page itself: theme, list, shortcuts, export.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { createClient } from 'heddle/client';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { ask, byId, useChatPages, visibleTexts } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';

const { openPage, afterwards } = useChatPages('chromium');
const answered = `${byId('agent-message')}[data-outcome=completed]`;

let listening: Listening;
beforeAll(async () => {
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        yield `**You said** ${String(input.content)}`;
      },
  });
  const page = pageFiles(join(root, 'dist/page'));
  listening = await listen(createServer({ agent, store: memoryStore(), page }), { port: 0 });
});
afterAll(() => listening.close(0));

async function openAnswer(): Promise<Page> {
  const page = await openPage(listening.url);
  await ask(page, 'hello');
  await page.locator(answered).wait();
  return page;
}

const paper = (page: Page): Promise<unknown> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor');

test('a chosen theme applies at once, whatever the system has, and after a reload', async () => {
  const page = await openPage(listening.url);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  const light = await paper(page);
  await page.focus('[name=theme][value=system]');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate('document.activeElement.value')).toBe('dark');
  expect(await paper(page)).not.toBe(light);
  await page.reload();
  await page.locator(byId('composer')).wait();
  expect(await paper(page)).not.toBe(light);
  await page.$eval('[name=theme][value=system]', (system) => (system as HTMLElement).click());
  expect(await paper(page)).toBe(light);
});

test('the list hides and shows, by button and by key, and stays so after a reload', async () => {
  const page = await openAnswer();
  const button = byId('list');
  expect(await page.$eval(button, (each) => each.getAttribute('aria-expanded'))).toBe('true');
  await page.focus(button);
  await page.keyboard.press('Enter');
  await page.locator(`${button}[aria-expanded=false]`).wait();
  expect(await page.$('aside')).toBeNull();
  await page.reload();
  await page.locator(answered).wait();
  expect(await page.$('aside')).toBeNull();
  await page.focus('.scroller');
  await page.keyboard.press('b');
  await page.locator('aside').wait();
});

test('single keys are shortcuts, but not while typing, in a dialog, or turned off', async () => {
  const page = await openAnswer();
  const box = byId('composer');
  await page.locator(box).fill('');
  await page.keyboard.type('nb?');
  expect(await page.$eval(box, (element) => (element as HTMLTextAreaElement).value)).toBe('nb?');
  expect(await page.$('aside')).not.toBeNull();
  await page.locator(box).fill('');

  // Esc leaves the box. Then `c` copies the answer.
  await page.keyboard.press('Escape');
  expect(await page.evaluate('document.activeElement.className')).toBe('scroller');
  await page.keyboard.press('c');
  await page.locator(`${byId('copy-text')}[data-state=copied]`).wait();
  await page.keyboard.press('m');
  expect(await page.evaluate('document.activeElement.localName')).toBe('textarea');

  await page.keyboard.press('Escape');
  await page.keyboard.type('?');
  await page.locator('.help-sheet').wait();
  await page.keyboard.press('b');
  expect(await page.$('aside')).not.toBeNull();
  await page.locator('.help-sheet input').click();
  await page.keyboard.press('Escape');
  await page.waitForSelector('.help-sheet', { hidden: true });
  await page.focus('.scroller');
  await page.keyboard.press('b');
  expect(await page.$('aside')).not.toBeNull();

  // The button still shows them, and turns them on again.
  await page.locator(byId('shortcuts')).click();
  await page.locator('.help-sheet input').click();
  await page.keyboard.press('Escape');
  await page.waitForSelector('.help-sheet', { hidden: true });
  await page.focus('.scroller');
  await page.keyboard.press('n');
  await page.waitForFunction(`location.hash === '#/'`);
}, 40_000);

test('a conversation is exported as a whole, in both formats', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-export-'));
  afterwards(() => rmSync(folder, { recursive: true }));
  const session = await createClient({ url: listening.url }).create();
  const count = 130;
  for (let index = 0; index < count; index += 1) await session.send(`number ${index} a/b`);
  await vi.waitFor(async () => expect((await session.state()).messages).toHaveLength(count * 2));
  const page = await openPage(`${listening.url}/#/s/${session.id}`);
  await page.locator(answered).wait();
  expect((await visibleTexts(page, byId('message'))).length).toBeLessThan(count);
  const browser = await page.createCDPSession();
  await browser.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: folder,
    browserContextId: page.browserContext().id ?? '',
  });
  for (const format of ['md', 'json']) {
    await page.locator(byId('export')).click();
    await page.locator(byId(`export-${format}`)).click();
    await page.waitForSelector('dialog', { hidden: true });
    await vi.waitFor(() => expect(readdirSync(folder)).toContain(`number 0 a b.${format}`));
  }
  const markdown = readFileSync(join(folder, 'number 0 a b.md'), 'utf8');
  expect(markdown).toMatch(/^# number 0 a\/b\n/);
  const said = markdown.match(/\*\*You said\*\* number \d+/g) ?? [];
  expect(said).toEqual(Array.from({ length: count }, (_, index) => `**You said** number ${index}`));
  const json = JSON.parse(readFileSync(join(folder, 'number 0 a b.json'), 'utf8')) as {
    readonly messages: readonly unknown[];
  };
  expect(json.messages).toHaveLength(count * 2);
}, 60_000);
