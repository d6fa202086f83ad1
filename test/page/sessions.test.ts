// The list of conversations beside the open one.
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { createClient } from 'heddle/client';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { ask, byId, visibleTexts, useChatPages } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';

const { openPage, afterwards } = useChatPages('chromium');
const item = '.session-item';
const more = byId('more-sessions');

let listening: Listening;
beforeEach(async () => {
  const agent = defineAgent({
    open: () =>
      async function* ({ signal }) {
        for (let count = 0; !signal.aborted; count += 1) {
          yield `${count} `;
          await delay(10);
        }
      },
  });
  const page = pageFiles(join(root, 'dist/page'));
  listening = await listen(createServer({ agent, store: memoryStore(), gatherMs: 0, page }), { port: 0 });
});
afterEach(() => listening.close(0));

/** Creates sessions whose times of activity all differ. */
async function createSessions(count: number): Promise<readonly string[]> {
  const client = createClient({ url: listening.url });
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) {
    ids.unshift((await client.create()).id);
    await delay(2);
  }
  return ids;
}

test('more than a hundred conversations are listed in pages, and pages stay in the list', async () => {
  const ids = await createSessions(230);
  const page = await openPage(listening.url);
  const shown = (): Promise<readonly (string | undefined)[]> =>
    page.$$eval(item, (items) => items.map((each) => (each as HTMLElement).dataset['session']));
  await page.locator(more).wait();
  expect(await shown()).toEqual(ids.slice(0, 100));
  await page.locator(more).click();
  await vi.waitFor(async () => expect(await shown()).toEqual(ids.slice(0, 200)));
  await page.locator(more).click();
  await vi.waitFor(async () => expect(await shown()).toEqual(ids));
  expect(await page.$(more)).toBeNull();

  // The new conversation comes with the first page, and the last one is still there.
  await ask(page, 'go on');
  await vi.waitFor(async () => expect(await page.$$(item)).toHaveLength(231));
  expect((await shown()).at(-1)).toBe(ids.at(-1));
  expect((await visibleTexts(page, '.session-title'))[0]).toBe('go on');
});

test('words of an answer do not render the listed conversations again', async () => {
  await createSessions(20);
  const page = await openPage(listening.url);
  await ask(page, 'go on');
  await page.locator(byId('agent-message')).wait();
  // An item formats its time whenever it is rendered, so calls of `findLast` on the table of units count
  // renders.
  await page.evaluate(`{
    window.rendered = 0;
    const find = Array.prototype.findLast;
    Array.prototype.findLast = function (...given) { if (this[0]?.[0] === 'minute') rendered += 1; return find.apply(this, given); };
  }`);
  const words = async (): Promise<number> => (await visibleTexts(page, byId('agent-message'))).join().length;
  const before = await words();
  await vi.waitFor(async () => expect(await words()).toBeGreaterThan(before + 300));
  // The list itself is read again now and then.
  expect(await page.evaluate('rendered')).toBeLessThan(100);
  afterwards(() => page.keyboard.press('Escape'));
});
