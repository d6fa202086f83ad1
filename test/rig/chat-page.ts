import type { Page } from 'puppeteer-core';
import { expect } from 'vitest';
import { usePages } from './browser.ts';
import type { BrowserName } from './browser.ts';
import { createCleanUp } from './clean-up.ts';

/** Chat pages in one browser. */
export interface ChatPages {
  /**
   * Opens a chat page. With `beside`, it shares cookies and storage with that page. Errors in its console
   * fail the test at its end.
   */
  openPage(url: string, beside?: Page): Promise<Page>;
  /** Registers something to do after the test. The last one registered runs first. */
  afterwards(close: () => unknown): void;
}

/** Starts a browser for chat pages, and closes it after the last test of the suite. */
export function useChatPages(name: BrowserName): ChatPages {
  const { newPage } = usePages(name);
  const cleanUp = createCleanUp();
  return {
    afterwards: cleanUp,
    async openPage(url, beside) {
      const page = await newPage(beside);
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        // The browser itself logs some errors that tests cause on purpose: a connection that was cut, an
        // answer to an approval that comes too late (409), and a restarted server that knows its caller by
        // another name (412).
        const expected = /net::ERR|status of (409|412)/.test(message.text());
        if (message.type() === 'error' && !expected) complaints.push(message.text());
      });
      cleanUp(() => {
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

/** Returns the selector of elements with a test id. */
export function byId(id: string): string {
  return `[data-testid=${id}]`;
}

/** Returns the visible text of every element that matches. */
export function visibleTexts(page: Page, selector: string): Promise<readonly string[]> {
  return page.$$eval(selector, (found) => found.map((element) => (element as HTMLElement).innerText));
}
