// Ten tabs of the page as it is shipped, before the command as it is started, with anonymous callers.
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserNames, usePages } from '../rig/browser.ts';
import { ask, byId, visibleTexts } from '../rig/chat-page.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import type { Served } from '../rig/heddle-serve.ts';

const count = 10;
const agentMessage = byId('agent-message');
const folder = temporaryFolder();
let served: Served;

beforeAll(async () => {
  served = await heddleServe(['--data', folder.path], { HEDDLE_GUIDE_PACE_MS: '2' });
});
afterAll(async () => {
  await served.child.stop();
  folder.remove();
});

describe.each(browserNames)('ten tabs of the page in %s', (name) => {
  const { newPage } = usePages(name);

  test.each([
    // As in windows side by side. Hidden tabs would hold no connection anyway.
    [
      'share one connection',
      (): void => void Object.defineProperty(document, 'visibilityState', { value: 'visible' }),
    ],
    // As over plain http: there are six connections only, and hidden tabs hold none.
    ['cannot share one', (): void => void Reflect.deleteProperty(Navigator.prototype, 'locks')],
  ])('all work where they %s, each in a conversation of its own', async (_, prepare) => {
    const pages: Page[] = [];
    for (let tab = 1; tab <= count; tab += 1) {
      const page = await newPage(pages[0]);
      pages.push(page);
      await page.evaluateOnNewDocument(prepare);
      await page.goto(served.url);
      expect(await answerTo(page, `What is ${tab} * 1111?`)).toContain(String(tab * 1111));
    }
    for (const page of [pages[0], pages[5], pages[9]]) {
      await page?.bringToFront();
      if (page) expect(await answerTo(page, 'What is 6 * 7?')).toContain('42');
    }
  });
});

/** Asks in a tab, and returns the complete answer. */
async function answerTo(page: Page, prompt: string): Promise<string> {
  const before = (await page.$$(agentMessage)).length;
  await ask(page, prompt);
  await page.waitForFunction(
    (selector, known) => document.querySelectorAll(selector).length > known,
    {},
    `${agentMessage}:not([data-outcome=open])`,
    before,
  );
  return (await visibleTexts(page, agentMessage)).at(-1) ?? '';
}
