// React in docs/frameworks.md: the code of its app is that of the file beside this one, whose types are
// checked, and it runs in a browser.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as react from 'heddle/react';
import { defineAgent, toText } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { usePages } from '../rig/browser.ts';
import { bundleApp } from '../rig/bundle-app.ts';
import { root } from '../rig/child.ts';

const text = readFileSync(join(root, 'docs/frameworks.md'), 'utf8');

const agent = defineAgent({
  open: () =>
    async function* ({ input }) {
      const call = { call: 'c1', tool: 'send_email', input: { to: 'ada@example.com' } } as const;
      if (input.type === 'message') {
        yield { type: 'tool_use', ...call };
        yield { type: 'approval_request', approval: 'a1', call: 'c1', reason: `${toText(input.content)}?` };
        return;
      }
      if (input.answers[0]?.decision !== true) return yield 'It was not sent.';
      yield { type: 'tool_use', ...call };
      yield { type: 'tool_result', call: 'c1', output: 'sent' };
      yield 'It was sent.';
    },
});

let listening: Listening;
let script: string;
beforeAll(async () => {
  script = await bundleApp('test/docs/react/app.fixture.tsx', 'production', ['@heddle/source']);
  const page = (): ReturnType<NonNullable<Parameters<typeof createServer>[0]['page']>> => ({
    type: 'whole',
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<!doctype html><title>Test</title>',
  });
  listening = await listen(createServer({ agent, store: memoryStore(), page }), { port: 0 });
});
afterAll(() => listening.close(0));

test('the code of the page is the code that is checked', () => {
  const [, code] = /```tsx\n\/\/ chat\.tsx\n(.*?)```/s.exec(text) ?? [];
  expect(code).toBe(readFileSync(join(root, 'test/docs/react/chat.tsx'), 'utf8'));
});

test('the table of the page has every function of heddle/react', () => {
  const functions = Object.keys(react).filter((name) => typeof Reflect.get(react, name) === 'function');
  for (const name of functions) expect(text).toContain(`| \`${name}(`);
});

const { newPage } = usePages('chromium');

test.each([
  ['Approve', ['send_email: pending', 'send_email: ok'], 'It was sent.'],
  ['Deny', ['send_email: pending', 'send_email: denied'], 'It was not sent.'],
])('a call waits for its approval and is one call after the answer: %s', async (button, states, said) => {
  const page = await newPage();
  await page.goto(listening.url);
  await page.evaluate(script);
  await page.locator('input').fill('Send it');
  await page.keyboard.press('Enter');
  await page.locator(`::-p-text(${button})`).click();
  await page.locator(`::-p-text(${said})`).wait();
  const calls = await page.$$eval('[data-call]', (found) => found.map((call) => call.textContent));
  expect(calls).toEqual([states.at(-1)]);
  const seen = (await page.evaluate('window.seen')) as readonly string[];
  expect(seen).toEqual(expect.arrayContaining([...states]));
  expect(seen.filter((state) => /cancelled/.test(state))).toEqual([]);
});
