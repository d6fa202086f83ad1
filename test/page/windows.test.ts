// A conversation of 2,000 messages: it opens at its end, and pages back to its first message.
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SessionEvent } from 'heddle';
import { createClient } from 'heddle/client';
import type { Session } from 'heddle/client';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { browserNames } from '../rig/browser.ts';
import { byId, useChatPages } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';

const turns = 1_000;
const store = memoryStore();
let listening: Listening;
beforeAll(async () => {
  const agent = async function* () {
    yield 'A new answer.';
  };
  const page = pageFiles(join(root, 'dist/page'));
  listening = await listen(createServer({ agent, store, page }), { port: 0 });
});
afterAll(() => listening.close(0));

/** Creates a session whose answers differ in height. */
async function createLong(): Promise<Session> {
  const session = await createClient({ url: listening.url }).create();
  const events = Array.from({ length: turns }, (_, index) => toTurn(index + 1)).flat();
  await store.log.append(session.id, events);
  return session;
}

function toTurn(number: number): readonly SessionEvent[] {
  const [message, turn, at] = [`m${number}`, `t${number}`, number];
  const data = `answer ${number}\n\n${'Some more words, and some more. '.repeat(1 + ((number * 7) % 40))}`;
  return [
    { type: 'message', message, turn, content: `say ${number}`, at },
    { type: 'message_start', message, turn, attempt: 1, at },
    { type: 'content_start', turn, part: 'p1' },
    { type: 'content', turn, part: 'p1', data },
    { type: 'content_end', turn, part: 'p1' },
    { type: 'message_end', turn, outcome: 'completed' },
  ];
}

/**
 * Returns the first words of every message, in the order of the page. Handles of 2,000 elements would take
 * Firefox seconds.
 */
function shown(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.messages article')].map(
      ({ textContent }) =>
        /^(say \d+|answer \d+|meanwhile|written anew|A new answer\.)/.exec(textContent)?.[0] ?? '',
    ),
  );
}

const expected = (from: number): readonly string[] =>
  Array.from({ length: turns - from + 1 }, (_, index) => [
    `say ${from + index}`,
    `answer ${from + index}`,
  ]).flat();

/** Returns the message under the reader's eye, and where it is on the screen. */
function eye(page: Page): Promise<{ readonly words: string; readonly top: number }> {
  return page.$eval('.scroller', (scroller) => {
    const { left, top, width, height } = scroller.getBoundingClientRect();
    const article = document.elementFromPoint(left + width / 2, top + height / 2)?.closest('article');
    const found = [...document.querySelectorAll('.messages article')];
    // Between two messages it is the next one.
    const read = article ?? found.find((each) => each.getBoundingClientRect().top > top + height / 2);
    (window as { read?: Element | undefined }).read = read;
    return { words: read?.textContent.slice(0, 12) ?? '', top: read?.getBoundingClientRect().top ?? 0 };
  });
}

const count = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelectorAll('.messages article').length);

describe.each(browserNames)('in %s', (name) => {
  const { openPage } = useChatPages(name);

  test('it opens at its end, and each page back leaves what is read in its place', async () => {
    const session = await createLong();
    const page = await openPage(listening.url);
    await page.setViewport({ width: 1000, height: 700 });
    await page.goto(`${listening.url}/#/s/${session.id}`);
    await vi.waitFor(async () => expect((await shown(page)).at(-1)).toBe(`answer ${turns}`));
    expect(await shown(page)).toEqual(expected(turns - 49));

    for (const top of [400, 150, 0]) {
      const before = await count(page);
      await page.$eval('.scroller', (scroller, to) => (scroller.scrollTop = to), top);
      const { words, top: was } = await eye(page);
      await vi.waitFor(async () => expect(await count(page)).toBeGreaterThan(before));
      const now = await page.evaluate(() => (window as { read?: Element }).read?.getBoundingClientRect().top);
      expect([words, Math.abs((now ?? 0) - was) < 3]).toEqual([words, true]);
    }

    await session.send('meanwhile');
    // Stays at the top until no earlier message is left.
    await page.evaluate(`new Promise((resolve) => {
      const look = () => {
        document.querySelector('.scroller').scrollTop = 0;
        if (document.querySelector('${byId('earlier')}') === null) resolve();
        else requestAnimationFrame(look);
      };
      look();
    })`);
    expect(await shown(page)).toEqual([...expected(1), 'meanwhile', 'A new answer.']);
    await page.locator('.jump').click();
    await vi.waitFor(async () => {
      const fromEnd = await page.$eval(
        '.scroller',
        ({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - clientHeight - scrollTop,
      );
      expect(fromEnd).toBeLessThan(2);
    });

    await page.locator('.user-message > .action').click();
    await page.locator(byId('editor')).fill('written anew');
    await page.keyboard.press('Enter');
    const all = [...expected(1), 'written anew', 'A new answer.'];
    await vi.waitFor(async () => expect(await shown(page)).toEqual(all));
  });
});
