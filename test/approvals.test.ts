// The example agent that asks before it acts, before a real process, in a real browser.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { afterwards, ask, openPage } from './chat-page.fixture.ts';
import { heddleServe, temporaryFolder } from './heddle-serve.fixture.ts';
import type { Served } from './heddle-serve.fixture.ts';

async function serve(args: readonly string[] = ['--memory']): Promise<Served> {
  const served = await heddleServe(['examples/approval-agent.ts', ...args]);
  afterwards(() => served.child.stop());
  return served;
}

const card = (page: Page, status: string) =>
  page.locator(`[data-testid=approval][data-status=${status}]`).last();
const tool = (page: Page, status: string) => page.locator(`[data-testid=tool-card][data-status=${status}]`);
const says = (page: Page, text: string) =>
  page.getByTestId('agent-message').filter({ hasText: text }).last().waitFor();

/** Opens a page whose agent waits for leave to send an email. */
async function openAsking({ url }: Served): Promise<Page> {
  const page = await openPage(url);
  await ask(page, 'Hello Ada');
  await page.getByTestId('approve').waitFor();
  return page;
}

test('what is asked for is told in full, and approved for everybody who looks', async () => {
  const page = await openAsking(await serve());
  const other = await openPage(page.url());
  await other.getByTestId('approve').waitFor();
  const text = await card(other, 'pending').innerText();
  for (const told of ['Send this email?', 'It cannot be taken back', 'send_email', 'Hello Ada']) {
    expect(text).toContain(told);
  }
  await tool(other, 'pending').getByText('Waiting for approval').waitFor({ state: 'attached' });
  expect(await page.getByRole('button', { name: 'Approve: Send this email?' }).count()).toBe(1);
  expect(await page.getByTestId('composer').getAttribute('placeholder')).toContain('wait');
  await page.getByTestId('approve').click();
  for (const each of [page, other]) {
    await says(each, 'The email is sent.');
    await card(each, 'approved').waitFor();
    await tool(each, 'ok').waitFor();
    expect(await each.getByTestId('approve').count()).toBe(0);
  }
  expect(await other.getByTestId('agent-message').allInnerTexts()).toEqual(
    await page.getByTestId('agent-message').allInnerTexts(),
  );
});

test('the agent does without what is denied, and a message that waited comes next', async () => {
  const page = await openAsking(await serve());
  await ask(page, 'Hello again');
  await page.locator('[data-testid=message][data-status=waiting]').waitFor();
  await page.getByTestId('deny').click();
  await says(page, 'I have not sent it.');
  await card(page, 'denied').waitFor();
  await card(page, 'pending').getByText('Hello again').waitFor();
});

test('the keyboard approves, and the focus is taken from nobody', async () => {
  const page = await openAsking(await serve());
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('composer');
  await page.getByTestId('approve').focus();
  await page.keyboard.press('Enter');
  await says(page, 'The email is sent.');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('approval');
});

test('Esc cancels what is asked for, and the conversation goes on', async () => {
  const page = await openAsking(await serve());
  await page.keyboard.press('Escape');
  await card(page, 'cancelled').waitFor();
  expect(await page.getByTestId('stop').count()).toBe(0);
  await ask(page, 'Hello again');
  await page.getByTestId('approve').waitFor();
});

test('an answer that comes too late is told so', async () => {
  const page = await openAsking(await serve());
  // Somebody else is sooner, by so little that this page does not know yet.
  await page.route('**/answer/*', async (route) => {
    const { approval_id } = route.request().postDataJSON() as { readonly approval_id: string };
    const body = JSON.stringify({ approval_id, decision: false });
    const headers = { 'content-type': 'application/json' };
    await fetch(route.request().url(), { method: 'POST', headers, body });
    await route.continue();
  });
  await page.getByTestId('approve').click();
  await page.getByRole('alert').getByText('Too late').waitFor();
  await says(page, 'I have not sent it.');
});

test('after a reload it still waits', async () => {
  const page = await openAsking(await serve());
  await page.reload();
  await page.getByTestId('approve').click();
  await says(page, 'The email is sent.');
});

test('after kill -9 and a new start it still waits, and the agent goes on from what it saved', async () => {
  const { path, remove } = temporaryFolder();
  afterwards(remove);
  const first = await serve(['--data', path]);
  const page = await openAsking(first);
  await first.child.stop('SIGKILL');
  await page.locator('[data-testid=connection]:not([data-state=live])').waitFor();
  await serve(['--data', path, '--port', String(first.port)]);
  await page.locator('[data-testid=connection][data-state=live]').waitFor({ timeout: 40_000 });
  await page.getByTestId('approve').click();
  await says(page, 'The email is sent.');
  await tool(page, 'ok').getByText('Hello Ada').waitFor();
}, 90_000);

test('the last message is edited in its place, and its answer tried again', async () => {
  const page = await openAsking(await serve());
  await page.getByTestId('deny').click();
  await says(page, 'I have not sent it.');
  await page.getByTestId('message').hover();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByTestId('editor').fill('Hello Bob');
  await page.getByTestId('editor').press('Enter');
  await card(page, 'pending').getByText('Hello Bob').waitFor();
  expect(await page.getByTestId('message').allInnerTexts()).toEqual(['Hello Bob']);
  await page.getByTestId('approve').click();
  await says(page, 'The email is sent.');
  await page.getByTestId('agent-message').last().hover();
  await page.getByRole('button', { name: 'Try again' }).click();
  await card(page, 'pending').getByText('Hello Bob').waitFor();
  expect(await page.getByTestId('message').count()).toBe(1);
  expect(await page.getByTestId('agent-message').count()).toBe(1);
});
