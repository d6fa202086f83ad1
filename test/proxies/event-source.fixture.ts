import type { Page } from 'puppeteer-core';

/** The events that the EventSource of a page has received. */
interface Followed {
  readonly data: string[];
  readonly ids: string[];
  errors: number;
}
declare const followed: Followed;

/** Opens an EventSource in a page, which keeps what it hears. */
export function followByEventSource(page: Page, url: string): Promise<void> {
  return page.evaluate((path) => {
    const own: Followed = { data: [], ids: [], errors: 0 };
    const source = new EventSource(path);
    source.onmessage = ({ data, lastEventId }) => {
      own.data.push(String(data));
      own.ids.push(lastEventId);
    };
    source.onerror = () => void (own.errors += 1);
    Object.assign(window, { followed: own });
  }, url);
}

/** Resolves when it has heard a text. */
export function hear(page: Page, text: string): Promise<unknown> {
  const has = (sought: string): boolean => followed.data.some((each) => each.includes(sought));
  // By a timer: a page that is not in front gets no animation frames.
  return page.waitForFunction(has, { polling: 50 }, text);
}

/** Resolves when it has had a number of errors. */
export function hearErrors(page: Page, count: number): Promise<unknown> {
  return page.waitForFunction((least) => followed.errors >= least, { polling: 50 }, count);
}

/** Returns the ids of what it has heard, in order. */
export function readIds(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => followed.ids);
}
