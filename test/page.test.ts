// The served page in a real browser, before a real process.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { afterwards, ask, openPage } from './chat-page.fixture.ts';
import { heddleServe, temporaryFolder } from './heddle-serve.fixture.ts';
import type { Served } from './heddle-serve.fixture.ts';

async function serve(args: readonly string[], paceMs: number): Promise<Served> {
  const served = await heddleServe(args, { HEDDLE_GUIDE_PACE_MS: String(paceMs) });
  afterwards(() => served.child.stop());
  return served;
}

const answer = (page: Page) => page.getByTestId('agent-message').last();

/** Waits until the last answer is over. */
async function answered(page: Page): Promise<string> {
  const ended = '[data-testid=agent-message]:not([data-outcome=open])';
  await page.waitForFunction(
    (selector) =>
      document.querySelectorAll('[data-testid=message]').length ===
      document.querySelectorAll(selector).length,
    ended,
    { timeout: 40_000 },
  );
  return answer(page).innerText();
}

test('a prompt is answered word by word, with a tool call in it', async () => {
  const { url } = await serve(['--memory'], 30);
  const page = await openPage(url);
  await ask(page, 'What is 12 * (3 + 4)?');
  await page.getByTestId('tool-card').waitFor();
  expect(await answered(page)).toContain('84');
  expect(await page.getByTestId('tool-card').innerText()).toContain('calculator');
});

test('a prompt in Japanese is answered in Japanese', async () => {
  const { url } = await serve(['--memory'], 5);
  const page = await openPage(url);
  await ask(page, '東京は今何時ですか？');
  await page.getByTestId('tool-card').waitFor();
  expect(await answered(page)).toMatch(/です|現在/);
});

test('a reload in mid-answer goes on where it was, and ends with the same text as any other tab', async () => {
  const { url } = await serve(['--memory'], 20);
  const page = await openPage(url);
  await ask(page, 'How does resume work?');
  await page.getByTestId('tool-card').waitFor();
  await page.waitForFunction(
    () => (document.querySelector('[data-testid=agent-message]')?.textContent?.length ?? 0) > 150,
  );
  const before = await answer(page).innerText();
  await page.reload();
  const other = await openPage(page.url());
  const text = await answered(page);
  expect(text.length).toBeGreaterThan(before.length);
  expect(await answered(other)).toBe(text);
  expect(await page.getByTestId('agent-message').count()).toBe(1);
  // What stood there before the reload is the start of what stands there now.
  const words = (value: string): string => value.replace(/\s+/g, ' ');
  expect(words(text)).toContain(words(before).slice(-60, -10).trim());
}, 60_000);

test('the stop button ends the answer and keeps what was said', async () => {
  const { url } = await serve(['--memory'], 80);
  const page = await openPage(url);
  await ask(page, 'What are you?');
  await page.waitForFunction(
    () => (document.querySelector('[data-testid=agent-message]')?.textContent?.length ?? 0) > 20,
  );
  await page.getByTestId('stop').click();
  expect(await answered(page)).toContain('Stopped');
});

test('after kill -9 and a new start the page comes back by itself, and the conversation is there', async () => {
  const { path, remove } = temporaryFolder();
  afterwards(remove);
  const first = await serve(['--data', path], 100);
  const page = await openPage(first.url);
  await ask(page, 'What is 6 * 7?');
  expect(await answered(page)).toContain('42');
  await ask(page, 'What are you?');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=agent-message]').length === 2);
  await first.child.stop('SIGKILL');
  await page.locator('[data-testid=connection]:not([data-state=live])').waitFor();
  await serve(['--data', path, '--port', String(first.port)], 5);
  await page.locator('[data-testid=connection][data-state=live]').waitFor({ timeout: 40_000 });
  expect(await answered(page)).toContain('offline');
  expect(await page.getByTestId('agent-message').count()).toBe(2);
  await page.reload();
  expect(await page.getByTestId('agent-message').first().innerText()).toContain('42');
}, 90_000);

test('what is sent while the server is down is answered when it is back', async () => {
  const { url, port, child } = await serve(['--memory'], 5);
  const page = await openPage(url);
  await child.stop('SIGKILL');
  await ask(page, 'What is 6 * 7?');
  await page.locator('[data-testid=message][data-status=sending]').waitFor();
  await serve(['--memory', '--port', String(port)], 5);
  expect(await answered(page)).toContain('42');
  expect(await page.getByTestId('message').count()).toBe(1);
}, 60_000);
