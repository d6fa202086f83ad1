import type { Page } from 'puppeteer-core';
import { afterEach, expect } from 'vitest';
import { usePages } from './browser.ts';
import type { BrowserName } from './browser.ts';

/** Chat pages in one browser. */
export interface ChatPages {
  /** Opens a chat page, `beside` another or in a browser of its own; what its console complains of fails the test at its end. */
  openPage(url: string, beside?: Page): Promise<Page>;
  /** Does something after the test, before what was to be done after it earlier. */
  afterwards(close: () => unknown): void;
}

/** Starts a browser for chat pages. */
export function useChatPages(name: BrowserName): ChatPages {
  const { newPage } = usePages(name);
  const toClose: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of toClose.splice(0).toReversed()) await close();
  });
  return {
    afterwards: (close) => void toClose.push(close),
    async openPage(url, beside) {
      const page = await newPage(beside);
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        // A connection that was cut on purpose is logged by the browser itself, and so is an answer that comes too late, or that a
        // server which was started anew knows its caller by another name.
        const expected = /net::ERR|status of (409|412)/.test(message.text());
        if (message.type() === 'error' && !expected) complaints.push(message.text());
      });
      toClose.push(() => {
        expect(complaints).toEqual([]);
      });
      await page.goto(url);
      return page;
    },
  };
}

/** Types a prompt and sends it. */
export async function ask(page: Page, prompt: string): Promise<void> {
  await page.locator(byId('composer')).fill(prompt);
  await page.keyboard.press('Enter');
}

/** The selector of what has this test id. */
export function byId(id: string): string {
  return `[data-testid=${id}]`;
}

/** The text of everything that matches, as it is seen. */
export function visibleTexts(page: Page, selector: string): Promise<readonly string[]> {
  return page.$$eval(selector, (found) => found.map((element) => (element as HTMLElement).innerText));
}
