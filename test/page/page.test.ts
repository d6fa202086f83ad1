// The served page in real browsers, before a real process.
import type { Page } from 'puppeteer-core';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { browserNames } from '../rig/browser.ts';
import { ask, byId, visibleTexts, useChatPages } from '../rig/chat-page.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import type { Served } from '../rig/heddle-serve.ts';

const agentMessage = byId('agent-message');
const toolCard = byId('tool-card');
const live = `${byId('connection')}[data-state=live]`;

async function lastAnswer(page: Page): Promise<string> {
  return (await visibleTexts(page, agentMessage)).at(-1) ?? '';
}

/** Waits until the last answer has ended, and returns it. */
async function answered(page: Page): Promise<string> {
  await vi.waitFor(
    async () => {
      const sent = await page.$$(byId('message'));
      expect(sent).not.toHaveLength(0);
      expect(await page.$$(`${agentMessage}:not([data-outcome=open])`)).toHaveLength(sent.length);
    },
    { timeout: 90_000 },
  );
  return lastAnswer(page);
}

/** The servers that the tests share, by the pace of their agent. Each test is a caller of its own. */
const shared = new Map<number, Promise<Served>>();
afterAll(async () => {
  for (const served of shared.values()) await (await served).child.stop();
});

/** Returns the URL of a shared server whose agent rests for a time after each word, in milliseconds. */
async function urlAt(paceMs: number): Promise<string> {
  const served = shared.get(paceMs) ?? heddleServe(['--memory'], { HEDDLE_GUIDE_PACE_MS: String(paceMs) });
  shared.set(paceMs, served);
  return (await served).url;
}

describe.each(browserNames)('in %s', (name) => {
  const { openPage, afterwards } = useChatPages(name);

  async function serve(args: readonly string[], paceMs: number): Promise<Served> {
    const served = await heddleServe(args, { HEDDLE_GUIDE_PACE_MS: String(paceMs) });
    afterwards(() => served.child.stop());
    return served;
  }

  test('a prompt is answered word by word, with a tool call in it', async () => {
    const page = await openPage(await urlAt(20));
    await ask(page, 'What is 12 * (3 + 4)?');
    await page.locator(toolCard).wait();
    expect(await answered(page)).toContain('84');
    expect(await visibleTexts(page, toolCard)).toEqual([expect.stringContaining('calculator')]);
    // The messages scroll. The page does not.
    expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
  });

  test('a prompt in Japanese is answered in Japanese', async () => {
    const page = await openPage(await urlAt(5));
    await ask(page, '東京は今何時ですか？');
    await page.locator(toolCard).wait();
    expect(await answered(page)).toMatch(/です|現在/);
  });

  test('a reload in mid-answer goes on where it was, and the text ends as in any other tab', async () => {
    const page = await openPage(await urlAt(20));
    await ask(page, 'How does resume work?');
    await page.locator(toolCard).wait();
    await vi.waitFor(async () => expect((await lastAnswer(page)).length).toBeGreaterThan(150));
    const before = await lastAnswer(page);
    await page.reload();
    const other = await openPage(page.url(), page);
    const text = await answered(page);
    expect(text.length).toBeGreaterThan(before.length);
    expect(await answered(other)).toBe(text);
    expect(await page.$$(agentMessage)).toHaveLength(1);
    // The text from before the reload is the start of the text now. Marks of half-written markdown are
    // removed.
    const words = (value: string): string => value.replace(/[_*`]/g, '').replace(/\s+/g, ' ');
    expect(words(text)).toContain(words(before).slice(-60, -10).trim());
  });

  test('unsent text is there after a reload, and is gone after it was sent', async () => {
    const page = await openPage(await urlAt(5));
    const composer = byId('composer');
    const written = (): Promise<string> => page.$eval(composer, (box) => (box as HTMLTextAreaElement).value);
    await page.locator(composer).fill('What is 6 * ');
    await page.reload();
    await page.locator(composer).wait();
    expect(await written()).toBe('What is 6 * ');
    await ask(page, 'What is 6 * 7?');
    expect(await answered(page)).toContain('42');
    await page.reload();
    await page.locator(agentMessage).wait();
    expect(await written()).toBe('');
  });

  test('the stop button ends the answer and keeps what was said', async () => {
    const page = await openPage(await urlAt(80));
    await ask(page, 'What are you?');
    await vi.waitFor(async () => expect((await lastAnswer(page)).length).toBeGreaterThan(20));
    await page.locator(byId('stop')).click();
    expect(await answered(page)).toContain('Stopped');
  });

  test('after kill -9 and a restart the page reconnects by itself, and the conversation is there', async () => {
    const { path, remove } = temporaryFolder();
    afterwards(remove);
    const first = await serve(['--data', path], 100);
    const page = await openPage(first.url);
    await ask(page, 'What is 6 * 7?');
    expect(await answered(page)).toContain('42');
    await ask(page, 'What are you?');
    await vi.waitFor(async () => expect(await page.$$(agentMessage)).toHaveLength(2));
    await first.child.stop('SIGKILL');
    await page.locator(`${byId('connection')}:not([data-state=live])`).wait();
    await serve(['--data', path, '--port', String(first.port)], 5);
    await page.locator(live).setTimeout(40_000).wait();
    expect(await answered(page)).toContain('offline');
    expect(await page.$$(agentMessage)).toHaveLength(2);
    await page.reload();
    await page.locator(agentMessage).wait();
    expect((await visibleTexts(page, agentMessage))[0]).toContain('42');
  });

  test('a message that is sent while the server is down is answered later', async () => {
    const { url, port, child } = await serve(['--memory'], 5);
    const page = await openPage(url);
    await child.stop('SIGKILL');
    await ask(page, 'What is 6 * 7?');
    await page.locator(`${byId('message')}[data-status=sending]`).wait();
    await serve(['--memory', '--port', String(port)], 5);
    expect(await answered(page)).toContain('42');
    expect(await page.$$(byId('message'))).toHaveLength(1);
  });
});
