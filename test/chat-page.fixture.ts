import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from './browser.fixture.ts';

const toClose: (() => unknown)[] = [];
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close();
});

/** Does something after the test, before what was to be done after it earlier. */
export function afterwards(close: () => unknown): void {
  toClose.push(close);
}

/** Opens a chat page; what its console complains of fails the test at its end. */
export async function openPage(url: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A connection that was cut on purpose is logged by the browser itself, and so is an answer that comes too late.
    const expected = /net::ERR|status of 409/.test(message.text());
    if (message.type() === 'error' && !expected) complaints.push(message.text());
  });
  afterwards(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(url);
  return page;
}

/** Types a prompt and sends it. */
export async function ask(page: Page, prompt: string): Promise<void> {
  await page.getByTestId('composer').fill(prompt);
  await page.getByTestId('composer').press('Enter');
}
