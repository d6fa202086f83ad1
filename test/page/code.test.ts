// Code in colours: while it arrives, when it is long, and when it is hostile.
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useChatPages } from '../rig/chat-page.ts';
import { serveMarkdownPage } from './markdown-page.fixture.ts';

const { openPage } = useChatPages('chromium');
let served: Awaited<ReturnType<typeof serveMarkdownPage>>;
let url: string;
beforeAll(async () => {
  served = await serveMarkdownPage();
  ({ url } = served);
});
afterAll(() => served.close());

const show = (page: Page, text: string): Promise<unknown> =>
  page.evaluate(`window.show(${JSON.stringify(text)})`);
const count = (page: Page, selector: string): Promise<number> =>
  page.$$eval(selector, (found) => found.length);

test('code is coloured while it arrives, and only its last lines change', async () => {
  const page = await openPage(url);
  const line = 'const a = "b"; // c\n';
  const begin = `\`\`\`ts\n${line.repeat(450)}`;
  await show(page, begin);
  await page.waitForSelector('.code-keyword');
  expect(await page.$eval('.code-head', ({ textContent }) => textContent)).toBe('ts');
  await page.waitForFunction(`document.querySelectorAll('.code-keyword').length === 450`);
  const touched = await page.evaluate(`(() => {
    const groups = [...document.querySelectorAll('.lines')];
    const observer = new MutationObserver(() => {});
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    const more = ${JSON.stringify(line)}.repeat(3);
    for (let end = 1; end <= more.length; end += 1) window.show(${JSON.stringify(begin)} + more.slice(0, end));
    const early = groups.slice(0, -1);
    return observer.takeRecords().filter(({ target }) => early.some((group) => group.contains(target))).length;
  })()`);
  expect(touched).toBe(0);
  expect(await count(page, '.code-keyword')).toBe(453);
  expect(await page.$eval('pre', ({ textContent }) => textContent)).toBe(line.repeat(453));
});

test('of 200 kB of code, the first 64 Ki characters have colours', async () => {
  const page = await openPage(url);
  const line = 'const a = "b"; // c\n';
  await show(page, `\`\`\`js\n${line.repeat(10_000)}`);
  await page.waitForSelector('.code-keyword');
  await page.waitForFunction(`document.querySelectorAll('.code-keyword').length > 3000`);
  expect(await count(page, '.code-keyword')).toBeLessThan(65_536 / line.length);
  expect(await page.$eval('pre', ({ textContent }) => textContent.length)).toBe(200_000);
});

test('hostile code stays text in every language', async () => {
  const page = await openPage(url);
  const hostile = `</code></pre><script>hit()</script><img src=x: onerror=hit()><style>*{}</style> "'\\n`;
  for (const language of ['html', 'js', 'php', 'md', 'css', 'bash', 'latex', 'vue']) {
    await show(page, `\`\`\`${language}\n${hostile}\nclass A { return "b"; }\n\`\`\`\n\n${language}`);
    await page.waitForFunction(`document.querySelector('pre [class^=code-]') !== null`);
    expect(await page.$eval('pre', ({ textContent }) => textContent)).toContain(hostile);
    const tags = await page.$$eval('pre *', (found) => [...new Set(found.map(({ localName }) => localName))]);
    expect(tags.toSorted()).toEqual(['code', 'span']);
  }
  for (const language of ['"><script>', 'constructor', '__proto__', '../../x', 'a'.repeat(99)]) {
    await show(page, `\`\`\`${language}\n${hostile}\n\`\`\`\n`);
    expect(await page.$eval('pre', ({ textContent }) => textContent)).toContain(hostile);
    expect(await count(page, 'script:not([src]), pre [class^=code-]')).toBe(0);
  }
});
