// Each state of the page, on a desktop and on a phone, light and dark: accessible, and safe beside other
// scripts.
import axe from 'axe-core';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { usePages } from '../rig/browser.ts';
import { serveEveryState, states } from '../rig/every-state.ts';
import type { EveryState } from '../rig/every-state.ts';

const looks = [
  { width: 1200, height: 800, scheme: 'light' },
  { width: 390, height: 780, scheme: 'dark' },
] as const;

const { browser, newPage } = usePages('chromium');
let served: EveryState;
beforeAll(async () => {
  served = await serveEveryState();
});
afterAll(() => served.close());

/** Returns axe's violations on the page as it is now, by rule and element. */
async function violations(page: Page): Promise<unknown> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, String(target), failureSummary])))`);
}

/**
 * Returns texts that have siblings in their element. React loses such a text if another script replaces it.
 */
function unprotectedTexts(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const walker = document.createTreeWalker(document.querySelector('#root'), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const { nodeValue, parentElement } = walker.currentNode;
      if (nodeValue.trim() !== '' && parentElement.childNodes.length > 1) found.push([nodeValue, parentElement.outerHTML]);
    }
    return found;
  })()`);
}

describe.each(looks)('$width pixels wide, $scheme', ({ width, height, scheme }) => {
  // One page for all states: in it the browser compiles the application and axe only once.
  let page: Page;
  beforeAll(async () => {
    const context = await browser().createBrowserContext();
    page = await context.newPage();
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      // A half faded element has no colour to check.
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    return () => context.close();
  });
  beforeEach(async () => {
    await page.setOfflineMode(false);
    // A document of the same server: for another one, the browser would start another process.
    await page.goto(`${served.url}/health`);
    await page.evaluate('sessionStorage.clear()');
    const session = await page.createCDPSession();
    await session.send('Storage.clearDataForOrigin', { origin: served.url, storageTypes: 'all' });
    await session.detach();
  });

  test.each(Object.entries(states))(
    '%s is accessible, and holds no text that React could lose',
    async (_, show) => {
      await show(page, served.url);
      expect(await violations(page)).toEqual([]);
      expect(await unprotectedTexts(page)).toEqual([]);
    },
  );
});

test('the twin: both checks find a fault', async () => {
  const page = await newPage();
  await states['a new conversation']?.(page, served.url);
  await page.evaluate(
    `document.querySelector('.start').append(document.createElement('input'), 'a text beside it')`,
  );
  expect(await violations(page)).toEqual([expect.arrayContaining(['label'])]);
  expect(await unprotectedTexts(page)).toEqual([expect.arrayContaining(['a text beside it'])]);
});
