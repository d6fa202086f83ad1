// Input in the page's composer: from input methods, too long, or not text.
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { usePages } from '../rig/browser.ts';
import { ask, byId, visibleTexts } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';

const box = byId('composer');
const { newPage } = usePages('chromium');
let goOn: () => void = () => {};
let listening: Listening;

beforeAll(async () => {
  const agent = defineAgent({
    open: () =>
      async function* () {
        yield 'It is ';
        await new Promise<void>((resolve) => (goOn = resolve));
        yield 'answered.';
      },
  });
  const page = pageFiles(join(root, 'dist/page'));
  listening = await listen(createServer({ agent, store: memoryStore(), page }), { port: 0 });
});
afterAll(() => listening.close(0));

async function open(): Promise<Page> {
  const page = await newPage();
  await page.goto(listening.url);
  await page.locator(box).wait();
  await page.focus(box);
  return page;
}

const written = (page: Page): Promise<string> =>
  page.$eval(box, (element) => (element as HTMLTextAreaElement).value);
const problem = async (page: Page): Promise<string> => {
  await page.locator('.composer-problem').wait();
  return (await visibleTexts(page, '.composer-problem')).join();
};

test('the Enter that confirms a conversion does not send, and the next Enter does', async () => {
  const page = await open();
  const client = await page.createCDPSession();
  await client.send('Input.imeSetComposition', { text: 'とうきょう', selectionStart: 5, selectionEnd: 5 });
  const confirming = { key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 };
  await client.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...confirming });
  await client.send('Input.insertText', { text: '東京' });
  await vi.waitFor(async () => expect(await written(page)).toBe('東京'));
  expect(await page.$$(byId('message'))).toEqual([]);
  await page.keyboard.press('Enter');
  await page.locator(byId('message')).wait();
  expect(await written(page)).toBe('');
});

test('a conversion survives while an answer streams and ends', async () => {
  const page = await open();
  await ask(page, 'go on');
  await vi.waitFor(async () => expect(await visibleTexts(page, byId('agent-message'))).toEqual(['It is']));
  const client = await page.createCDPSession();
  await client.send('Input.imeSetComposition', { text: 'かん', selectionStart: 2, selectionEnd: 2 });
  goOn();
  await page.locator(`${byId('agent-message')}[data-outcome=completed]`).wait();
  await client.send('Input.imeSetComposition', { text: 'かんじ', selectionStart: 3, selectionEnd: 3 });
  await client.send('Input.insertText', { text: '漢字' });
  await vi.waitFor(async () => expect(await written(page)).toBe('漢字'));
});

test('text that is too long to send comes back, with a message about the limit', async () => {
  const page = await open();
  const picture = `data:image/png;base64,${'iVBO'.repeat(70_000)}`;
  await page.evaluate(`document.execCommand('insertText', false, ${JSON.stringify(picture)})`);
  await page.keyboard.press('Enter');
  expect(await problem(page)).toContain('260,000 characters');
  expect(await written(page)).toBe(picture);
});

test.each([
  ['pasted', `new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true })`, false],
  ['dropped', `new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })`, true],
])(
  'an image that is %s cannot be sent, and the page shows a message about it',
  async (_, event, wouldLeave) => {
    const page = await open();
    const isKept = await page.evaluate(`{
    const files = new DataTransfer();
    files.items.add(new File(['x'], 'a.png', { type: 'image/png' }));
    const event = ${event};
    document.querySelector('${box}').dispatchEvent(event);
    event.defaultPrevented;
  }`);
    expect(await problem(page)).toContain('cannot be added');
    // A browser opens a dropped file in place of the page.
    if (wouldLeave) expect(isKept).toBe(true);
    await page.keyboard.type('a');
    expect(await page.$('.composer-problem')).toBeNull();
  },
);
