// The example agent for approvals, in a real process and in real browsers.
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserNames } from '../rig/browser.ts';
import { ask, byId, visibleTexts, useChatPages } from '../rig/chat-page.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import type { Served } from '../rig/heddle-serve.ts';

const agentMessage = byId('agent-message');
const card = (status: string): string => `${byId('approval')}[data-status=${status}]`;
const tool = (status: string): string => `${byId('tool-card')}[data-status=${status}]`;

const says = (page: Page, text: string, selector = agentMessage): Promise<unknown> =>
  page.locator(`${selector} ::-p-text(${text})`).wait();
const click = (page: Page, selector: string): Promise<void> => page.locator(selector).click();
const focused = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

const serve = (args: readonly string[]): Promise<Served> =>
  heddleServe(['examples/approval-agent.ts', ...args]);

/** The server of all tests but one. Each test is a caller of its own. */
let shared: Served;
beforeAll(async () => {
  shared = await serve(['--memory']);
});
afterAll(() => shared.child.stop());

describe.each(browserNames)('in %s', (name) => {
  const { openPage, afterwards } = useChatPages(name);

  /** Opens a page whose agent waits for an approval to send an email. */
  async function openAsking({ url }: Served = shared): Promise<Page> {
    const page = await openPage(url);
    await ask(page, 'Hello Ada');
    await page.locator(byId('approve')).wait();
    return page;
  }

  test('an approval shows everything that is asked for, and one answer counts in all tabs', async () => {
    const page = await openAsking();
    const other = await openPage(page.url());
    await other.locator(byId('approve')).wait();
    const [text = ''] = await visibleTexts(other, card('pending'));
    for (const told of ['Send this email?', 'It cannot be taken back', 'send_email', 'Hello Ada']) {
      expect(text).toContain(told);
    }
    await says(other, 'Waiting for approval', tool('pending'));
    expect(await page.$$('aria/Approve: Send this email?[role="button"]')).toHaveLength(1);
    expect(await page.$eval(byId('composer'), (box) => box.getAttribute('placeholder'))).toContain('wait');
    // Firefox draws nothing in a hidden window, and a click waits for a drawing.
    await page.bringToFront();
    await click(page, byId('approve'));
    for (const each of [page, other]) {
      await says(each, 'The email is sent.');
      await each.locator(card('approved')).wait();
      await each.locator(tool('ok')).wait();
      expect(await each.$$(byId('approve'))).toHaveLength(0);
    }
    expect(await visibleTexts(other, agentMessage)).toEqual(await visibleTexts(page, agentMessage));
  });

  test('after a denial the agent goes on without the action, and the waiting message comes next', async () => {
    const page = await openAsking();
    await ask(page, 'Hello again');
    await page.locator(`${byId('message')}[data-status=waiting]`).wait();
    await click(page, byId('deny'));
    await says(page, 'I have not sent it.');
    await page.locator(card('denied')).wait();
    await says(page, 'Hello again', card('pending'));
  });

  test('the keyboard approves, and the card never takes the focus', async () => {
    const page = await openAsking();
    expect(await focused(page)).toBe('composer');
    await page.focus(byId('approve'));
    await page.keyboard.press('Enter');
    await says(page, 'The email is sent.');
    expect(await focused(page)).toBe('approval');
  });

  test('Esc cancels an approval, and the conversation goes on', async () => {
    const page = await openAsking();
    await page.keyboard.press('Escape');
    await page.locator(card('cancelled')).wait();
    expect(await page.$$(byId('stop'))).toHaveLength(0);
    await ask(page, 'Hello again');
    await page.locator(byId('approve')).wait();
  });

  test('a late answer shows an error', async () => {
    const page = await openAsking();
    // Another client answers first, so shortly before that this page does not know yet.
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      void (async () => {
        if (request.url().includes('/answer/')) {
          const { approval_id } = JSON.parse((await request.fetchPostData()) ?? '') as {
            readonly approval_id: string;
          };
          const body = JSON.stringify({ approval_id, decision: false });
          const headers = { 'content-type': 'application/json' };
          // Without the query, which has the key of the page's own answer.
          const [url = ''] = request.url().split('?');
          await fetch(url, { method: 'POST', headers, body });
        }
        await request.continue();
      })();
    });
    await click(page, byId('approve'));
    await says(page, 'Too late', '[role=alert]');
    await says(page, 'I have not sent it.');
  });

  test('an approval still waits after a reload', async () => {
    const page = await openAsking();
    await page.reload();
    await click(page, byId('approve'));
    await says(page, 'The email is sent.');
  });

  test('an approval still waits after kill -9 and a restart, and the agent goes on from its snapshot', async () => {
    const { path, remove } = temporaryFolder();
    afterwards(remove);
    const first = await serve(['--data', path]);
    afterwards(() => first.child.stop());
    const page = await openAsking(first);
    await first.child.stop('SIGKILL');
    await page.locator(`${byId('connection')}:not([data-state=live])`).wait();
    const second = await serve(['--data', path, '--port', String(first.port)]);
    afterwards(() => second.child.stop());
    await page
      .locator(`${byId('connection')}[data-state=live]`)
      .setTimeout(40_000)
      .wait();
    await click(page, byId('approve'));
    await says(page, 'The email is sent.');
    await says(page, 'Hello Ada', tool('ok'));
  });

  test('the last message can be edited in its place, and its answer tried again', async () => {
    const page = await openAsking();
    await click(page, byId('deny'));
    await says(page, 'I have not sent it.');
    await page.hover(byId('message'));
    await click(page, 'aria/Edit[role="button"]');
    await page.locator(byId('editor')).fill('Hello Bob');
    await page.keyboard.press('Enter');
    await says(page, 'Hello Bob', card('pending'));
    expect(await visibleTexts(page, byId('message'))).toEqual(['Hello Bob']);
    await click(page, byId('approve'));
    await says(page, 'The email is sent.');
    await page.hover(agentMessage);
    await click(page, 'aria/Try again[role="button"]');
    await says(page, 'Hello Bob', card('pending'));
    expect(await page.$$(byId('message'))).toHaveLength(1);
    expect(await page.$$(agentMessage)).toHaveLength(1);
  });
});
