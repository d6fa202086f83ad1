// Reading while an answer streams. A reader who scrolls up, however gently, stays there. A reader at the end
// stays at the end.
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { browserNames, launchBrowser } from '../rig/browser.ts';
import { ask } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';

let listening: Listening;
let isOver = false;
beforeAll(async () => {
  const agent = defineAgent({
    open: () =>
      async function* () {
        for (let count = 0; !isOver; count += 1) {
          yield `Paragraph ${count}: the quick brown fox jumps over the lazy dog.\n\n`;
          await delay(15);
        }
      },
  });
  const page = pageFiles(join(root, 'dist/page'));
  listening = await listen(createServer({ agent, store: memoryStore(), gatherMs: 0, page }), { port: 0 });
});
afterAll(() => listening.close(0));

interface Place {
  readonly top: number;
  readonly fromEnd: number;
  readonly height: number;
}

function place(page: Page): Promise<Place> {
  return page.$eval('.scroller', ({ scrollTop, scrollHeight, clientHeight }) => ({
    top: scrollTop,
    fromEnd: scrollHeight - clientHeight - scrollTop,
    height: scrollHeight,
  }));
}

/** Waits until the answer has grown by a number of pixels. */
async function grown(page: Page, by: number): Promise<void> {
  const { height } = await place(page);
  await vi.waitFor(async () => expect((await place(page)).height).toBeGreaterThan(height + by));
}

/** Expects the page to follow: the answer grows, and its end stays visible. */
async function expectFollowing(page: Page): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    await grown(page, 150);
    // The answer may be a paragraph or two ahead for a moment, before the page follows.
    await vi.waitFor(async () => expect((await place(page)).fromEnd).toBeLessThan(2));
  }
}

/** Expects the page to stay where the reader put it, however much arrives. */
async function expectStaying(page: Page): Promise<void> {
  await vi.waitFor(async () => expect((await place(page)).fromEnd).toBeGreaterThan(150));
  // Smooth scrolling takes a while to end.
  await vi.waitFor(async () => {
    const { top } = await place(page);
    await grown(page, 300);
    expect(Math.abs((await place(page)).top - top)).toBeLessThan(1);
  });
  await page.locator('.jump').wait();
}

const overAnswer = [500, 300] as const;

/** Scrolls as a wheel does. Several steps come one after another, as from a touchpad. */
async function wheel(page: Page, ...steps: readonly number[]): Promise<void> {
  await page.mouse.move(...overAnswer);
  for (const deltaY of steps) {
    await page.mouse.wheel({ deltaY });
    await delay(20);
  }
}

const key = (name: 'ArrowUp' | 'PageUp' | 'Home') => async (page: Page) => {
  await page.focus('.scroller');
  await page.keyboard.press(name);
};

/** Scrolls as scrollbars and other devices do, as far as a page can see. */
const drag = (step: number) => (page: Page) =>
  page.evaluate(`new Promise((resolve) => {
    const scroller = document.querySelector('.scroller');
    let steps = 0;
    const move = () => { scroller.scrollTop -= ${step}; steps += 1; if (steps < 12) requestAnimationFrame(move); else resolve(); };
    requestAnimationFrame(move);
  })`);

async function touch(page: Page): Promise<void> {
  const [x, y] = overAnswer;
  await page.touchscreen.touchStart(x, y);
  for (let step = 1; step <= 10; step += 1) {
    await page.touchscreen.touchMove(x, y + 4 * step);
    await delay(20);
  }
  await page.touchscreen.touchEnd();
}

async function dragScrollbar(page: Page): Promise<void> {
  const { x, y } = await page.$eval('.scroller', (scroller) => {
    const { right, bottom } = scroller.getBoundingClientRect();
    // In the middle of the thumb. Its end is not safe: between two frames of a growing answer the thumb is
    // shorter and does not reach the end, so the mouse would press the track below it.
    return { x: right - 6, y: bottom - 45 };
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  // A reader pulls until the page moves. On a busy machine that takes more than three steps.
  for (let step = 1; step <= 3 || (step <= 40 && (await place(page)).fromEnd < 20); step += 1) {
    await page.mouse.move(x, y - step);
    await delay(20);
  }
  await page.mouse.up();
}

const gentle: readonly [string, (page: Page) => Promise<unknown>][] = [
  ['turns the wheel by a few pixels', (page) => wheel(page, -3, -4, -3, -5, -4, -3)],
  ['turns the wheel by one pixel at a time', (page) => wheel(page, -1, -1, -1, -1, -1, -1)],
  ['presses the arrow key once', key('ArrowUp')],
  ['pages up', key('PageUp')],
  ['goes to the beginning', key('Home')],
  ['drags by three pixels a frame', drag(3)],
  ['drags by one pixel a frame', drag(1)],
];

describe.each(browserNames)('in %s', (name) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(name, [], { ignoreDefaultArgs: ['--hide-scrollbars'] });
  });
  afterAll(() => browser.close());

  /** Opens a page that shows the end of an answer that goes on. */
  async function openStreaming(): Promise<Page> {
    isOver = false;
    const [page = await browser.newPage()] = await browser.pages();
    await page.setViewport({ width: 1000, height: 600 });
    await page.goto(listening.url);
    await ask(page, 'go on');
    await vi.waitFor(async () => expect((await place(page)).height).toBeGreaterThan(1_500));
    return page;
  }

  afterEach(async () => {
    isOver = true;
    for (const page of await browser.pages()) await page.goto('about:blank');
  });

  const devices: typeof gentle =
    name === 'chromium'
      ? [...gentle, ['pulls with a finger', touch], ['pulls the scrollbar', dragScrollbar]]
      : gentle;
  test.each(devices)('a reader who %s stays there while the answer goes on', async (_, scroll) => {
    const page = await openStreaming();
    await expectFollowing(page);
    await scroll(page);
    await expectStaying(page);
  });

  test('a reader who returns to the end follows the answer again', async () => {
    const page = await openStreaming();
    await wheel(page, -5, -5, -5);
    await expectStaying(page);
    // The end moves away as fast as the wheel turns.
    await vi.waitFor(async () => {
      await wheel(page, 5_000);
      expect((await place(page)).fromEnd).toBeLessThan(48);
    });
    await expectFollowing(page);
    await wheel(page, -5, -5, -5);
    await expectStaying(page);
    await page.focus('.scroller');
    await page.keyboard.press('End');
    await expectFollowing(page);
    await wheel(page, -5, -5, -5);
    await expectStaying(page);
    await page.locator('.jump').click();
    await expectFollowing(page);
  });

  test("a change of the window's size does not count as scrolling", async () => {
    const page = await openStreaming();
    for (const height of [400, 700, 500]) {
      await page.setViewport({ width: 1000 - height, height });
      await expectFollowing(page);
    }
  });
});
