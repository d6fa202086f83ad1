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
      // A process for each tab, so that one can be stopped.
      '--disable-features=ProcessPerSiteUpToMainFrameThreshold',
    ],
  },
  // Over WebDriver BiDi, the one way to drive it.
  firefox: {
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    extraPrefsFirefox: { 'intl.accept_languages': 'en-US', 'dom.ipc.processCount.webIsolated': 8 },
  },
} as const satisfies Record<string, LaunchOptions>;

/** The real browsers, for `describe.each`. */
export const browserNames = Object.keys(launches) as readonly BrowserName[];

/** Real pages for the tests of a suite, each as in a browser of its own. */
export interface Pages {
  /** Opens an empty page, closed after the test; `beside` shares cookies and storage with another. */
  newPage(beside?: Page): Promise<Page>;
}

/** Starts a browser with an empty profile, or as `own` says; `more` are further arguments of its command line. */
export function launchBrowser(
  name: BrowserName,
  more: readonly string[] = [],
  own: LaunchOptions = {},
): Promise<Browser> {
  const options: LaunchOptions = { ...launches[name], ...own };
  return launch({ ...options, args: [...(options.args ?? []), ...more], headless: true });
}

/** Starts a browser for the tests of a suite. */
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
