import { launch } from 'puppeteer-core';
import type { Browser, LaunchOptions, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll } from 'vitest';

export type BrowserName = keyof typeof launches;

const launches = {
  chromium: {
    browser: 'chrome',
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--lang=en-US',
      // Each tab gets a process of its own, so that a test can stop one.
      '--disable-features=ProcessPerSiteUpToMainFrameThreshold',
    ],
  },
  // Puppeteer drives Firefox over WebDriver BiDi only.
  firefox: {
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    extraPrefsFirefox: { 'intl.accept_languages': 'en-US', 'dom.ipc.processCount.webIsolated': 8 },
  },
} as const satisfies Record<string, LaunchOptions>;

/** The names of the real browsers, for `describe.each`. */
export const browserNames = Object.keys(launches) as readonly BrowserName[];

/** Pages in a real browser, for the tests of a suite. Each page has cookies and storage of its own. */
export interface Pages {
  /**
   * Opens an empty page and closes it after the test. With `beside`, it shares cookies and storage with that
   * page.
   */
  newPage(beside?: Page): Promise<Page>;
}

/**
 * Starts a browser with an empty profile. `more` are further command-line arguments; `own` overrides launch
 * options.
 */
export function launchBrowser(
  name: BrowserName,
  more: readonly string[] = [],
  own: LaunchOptions = {},
): Promise<Browser> {
  const options: LaunchOptions = { ...launches[name], ...own };
  return launch({ ...options, args: [...(options.args ?? []), ...more], headless: true });
}

/** Starts a browser for the tests of a suite, and closes it after the last one. */
export function usePages(name: BrowserName, more?: readonly string[]): Pages {
  let browser: Browser;
  const toClose: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    browser = await launchBrowser(name, more);
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const close of toClose.splice(0)) await close();
  });
  return {
    async newPage(beside) {
      if (beside) return beside.browserContext().newPage();
      const context = await browser.createBrowserContext();
      toClose.push(() => context.close());
      return context.newPage();
    },
  };
}
