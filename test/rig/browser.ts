import { connect, launch } from 'puppeteer-core';
import type { Browser, LaunchOptions, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { repeatRefused } from './repeat-refused.ts';

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

/** A running browser that the files of a run use one after another. */
export interface SharedBrowser {
  readonly name: BrowserName;
  /** The URL of its WebSocket. */
  readonly endpoint: string;
  /** The id of its process. */
  readonly pid: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the server that keeps the shared browsers. */
    readonly browsers: string;
  }
}

/** Pages in a real browser, for the tests of a suite. Each page has cookies and storage of its own. */
export interface Pages {
  /**
   * Opens an empty page and closes it after the test. With `beside`, it shares cookies and storage with that
   * page.
   */
  newPage(beside?: Page): Promise<Page>;
  /** Returns the browser, for pages that last longer than a test. */
  browser(): Browser;
  /** Returns the id of the browser's process. */
  pid(): number;
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

/**
 * Gives a suite a browser of its own until its last test has ended. Without `more` arguments it is a shared
 * one, which no other file uses meanwhile: windows of two files would take the focus from each other.
 */
export function usePages(name: BrowserName, more: readonly string[] = []): Pages {
  let held: HeldBrowser;
  const toClose: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    held = more.length > 0 ? await startBrowser(name, more) : await borrowBrowser(name);
  });
  afterAll(() => held.release());
  afterEach(async () => {
    for (const close of toClose.splice(0)) await close();
  });
  return {
    async newPage(beside) {
      if (beside) return steady(await beside.browserContext().newPage());
      const context = await held.browser.createBrowserContext();
      toClose.push(() => context.close());
      return steady(await context.newPage());
    },
    browser: () => held.browser,
    pid: () => held.pid,
  };
}

interface HeldBrowser {
  readonly browser: Browser;
  readonly pid: number;
  release(): Promise<void>;
}

async function startBrowser(name: BrowserName, more: readonly string[]): Promise<HeldBrowser> {
  const browser = await launchBrowser(name, more);
  return { browser, pid: browser.process()?.pid ?? 0, release: () => browser.close() };
}

async function borrowBrowser(name: BrowserName): Promise<HeldBrowser> {
  const url = inject('browsers');
  const response = await fetch(`${url}/${name}`);
  if (!response.ok) throw new Error(await response.text());
  const shared = (await response.json()) as SharedBrowser;
  const browser = await connect({
    browserWSEndpoint: shared.endpoint,
    ...(name === 'firefox' && { protocol: 'webDriverBiDi' }),
  });
  return {
    browser,
    pid: shared.pid,
    async release() {
      // The next file gets another browser if this one has crashed.
      const isUsable = browser.connected;
      await browser.disconnect();
      if (isUsable) await fetch(url, { method: 'POST', body: JSON.stringify(shared) });
    },
  };
}

/** Makes a page repeat refused navigations. The run counts them. */
function steady(page: Page): Page {
  const count = (): Promise<unknown> => fetch(`${inject('browsers')}/refusals`, { method: 'POST' });
  page.goto = repeatRefused(page.goto.bind(page), count);
  return page;
}
