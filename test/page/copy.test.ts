// Copying code and answers, also over plain http, where pages have no clipboard, and in a browser that lets
// no page copy.
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { browserNames, launchBrowser } from '../rig/browser.ts';
import { ask, byId } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';

const code = 'const a = 1;\n\nif (a) b("<c>");\n';
const host = 'chat.test';
const copy = '.code-block .copy';

let listening: Listening;
beforeAll(async () => {
  const agent = defineAgent({
    open: () =>
      async function* () {
        yield `Here:\n\n\`\`\`ts\n${code}\`\`\`\n`;
      },
  });
  const page = pageFiles(join(root, 'dist/page'));
  const server = createServer({ agent, store: memoryStore(), hosts: [host], page });
  listening = await listen(server, { port: 0 });
});
afterAll(() => listening.close(0));

let browser: Browser;
afterEach(() => browser.close());

/** Opens the page over plain http under a name that is not localhost, and clicks the copy button. */
async function copyOnPlainHttp(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(listening.url.replace('127.0.0.1', host));
  expect(await page.evaluate('isSecureContext')).toBe(false);
  return clickCopy(page);
}

async function clickCopy(page: Page): Promise<Page> {
  await ask(page, 'code');
  await page.locator(`${byId('agent-message')}[data-outcome=completed]`).wait();
  await page.locator('.code-block').hover();
  await page.locator(copy).click();
  return page;
}

/** Pastes, and returns the pasted text. */
async function paste(page: Page): Promise<string> {
  await page.evaluate(
    `window.pasted = undefined; document.addEventListener('paste', (event) => { window.pasted = event.clipboardData.getData('text/plain'); })`,
  );
  await page.focus(byId('composer'));
  await page.keyboard.down('Control');
  await page.keyboard.press('v', { commands: ['Paste'] });
  await page.keyboard.up('Control');
  await page.waitForFunction('window.pasted !== undefined');
  return (await page.evaluate('window.pasted')) as string;
}

describe.each(browserNames)('in %s', (name) => {
  test('code is copied unchanged over plain http', async () => {
    browser = await launchBrowser(
      name,
      name === 'chromium' ? [`--host-resolver-rules=MAP ${host} 127.0.0.1`] : [],
      name === 'firefox' ? { extraPrefsFirefox: { 'network.dns.localDomains': host } } : {},
    );
    const page = await copyOnPlainHttp();
    await page.locator(`${copy}[data-state=copied][aria-label=Copied]`).wait();
    expect(await page.evaluate('String(getSelection())')).toBe('');
    expect(await paste(page)).toBe(code);

    // The answer itself, by the keyboard.
    for (const [as, text] of [
      ['text', `Here:\n\n${code.trimEnd()}`],
      ['markdown', `Here:\n\n\`\`\`ts\n${code}\`\`\``],
    ] as const) {
      await page.focus(byId(`copy-${as}`));
      await page.keyboard.press('Enter');
      await page.locator(`${byId(`copy-${as}`)}[data-state=copied]`).wait();
      expect(await page.evaluate('String(getSelection())')).toBe('');
      expect(await paste(page)).toBe(text);
    }
  });
});

test('code is copied although the browser denies access to the clipboard', async () => {
  browser = await launchBrowser('chromium');
  const page = await browser.newPage();
  await page.goto(listening.url);
  const client = await page.createCDPSession();
  await client.send('Browser.setPermission', {
    permission: { name: 'clipboard-write', allowWithoutSanitization: false },
    setting: 'denied',
  });
  await clickCopy(page);
  const write = `navigator.clipboard.writeText('x').then(() => 'written', (error) => error.name)`;
  expect(await page.evaluate(write)).toBe('NotAllowedError');
  await page.locator(`${copy}[data-state=copied]`).wait();
  expect(await paste(page)).toBe(code);
});

test('the code is selected, and the button reports it, in a browser that lets no page copy', async () => {
  browser = await launchBrowser('firefox', [], {
    extraPrefsFirefox: { 'network.dns.localDomains': host, 'dom.allow_cut_copy': false },
  });
  const page = await copyOnPlainHttp();
  await page.locator(`${copy}[data-state=selected][aria-label*="could not be copied"]`).wait();
  expect(await page.evaluate('String(getSelection())')).toContain('const a = 1;');
});
