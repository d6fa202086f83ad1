// Each state of the page, on a desk and on a phone, light and dark: open to everybody, and robust beside other scripts.
import axe from 'axe-core';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usePages } from '../rig/browser.ts';
import { serveEveryState, states } from '../rig/every-state.ts';
import type { EveryState } from '../rig/every-state.ts';

const looks = [
  { width: 1200, height: 800, scheme: 'light' },
  { width: 390, height: 780, scheme: 'dark' },
] as const;

const { newPage } = usePages('chromium');
let served: EveryState;
beforeAll(async () => {
  served = await serveEveryState();
});
afterAll(() => served.close());

/** What axe has against the page as it is now, by the name of its rule and the place. */
async function violations(page: Page): Promise<unknown> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, String(target), failureSummary])))`);
}

/** Texts that stand beside something else in their element: React loses them where another script puts something in their place. */
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
  test.each(Object.entries(states))(
    '%s is as all can use it, and holds no text that React could lose',
    async (_, show) => {
      const page = await newPage();
      await page.setViewport({ width, height });
      await page.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: scheme },
        // What is half faded in has no colour to judge.
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ]);
      await show(page, served.url);
      expect(await violations(page)).toEqual([]);
      expect(await unprotectedTexts(page)).toEqual([]);
    },
    40_000,
  );
});

test('the twin: what is not so is found', async () => {
  const page = await newPage();
  await states['a new conversation']?.(page, served.url);
  await page.evaluate(
    `document.querySelector('.start').append(document.createElement('input'), 'a text beside it')`,
  );
  expect(await violations(page)).toEqual([expect.arrayContaining(['label'])]);
  expect(await unprotectedTexts(page)).toEqual([expect.arrayContaining(['a text beside it'])]);
});
