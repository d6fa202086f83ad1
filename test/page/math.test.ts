// Formulas as browsers show them: as MathML once they are whole, and as text if they cannot be trusted.
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserNames } from '../rig/browser.ts';
import { useChatPages } from '../rig/chat-page.ts';
import { serveMarkdownPage } from './markdown-page.fixture.ts';

let served: Awaited<ReturnType<typeof serveMarkdownPage>>;
let url: string;
beforeAll(async () => {
  served = await serveMarkdownPage();
  ({ url } = served);
});
afterAll(() => served.close());

const show = (page: Page, text: string): Promise<unknown> =>
  page.evaluate(`window.show(${JSON.stringify(text)})`);
const texts = (page: Page, selector: string): Promise<readonly string[]> =>
  page.$$eval(selector, (found) => found.map(({ textContent }) => textContent));

describe.each(browserNames)('in %s', (name) => {
  const { openPage } = useChatPages(name);

  test('formulas are MathML, in a line and on their own, and prices stay text', async () => {
    const page = await openPage(url);
    await show(
      page,
      'A $x_1$ and \\(\\frac{a}{b}\\) for $5 and $10.\n\n$$\n\\sqrt{y}\n$$\n\n\\[ z^2 \\]\n\nend',
    );
    await page.waitForSelector('math');
    await page.waitForFunction(`document.querySelectorAll('math').length === 4`);
    expect(await texts(page, 'math[display=block]')).toEqual(['y', 'z2']);
    expect((await texts(page, 'p'))[0]).toContain(' for $5 and $10.');
    const namespaces = await page.$$eval('math, math *', (found) => [
      ...new Set(found.map(({ namespaceURI }) => namespaceURI)),
    ]);
    expect(namespaces).toEqual(['http://www.w3.org/1998/Math/MathML']);
  });
});

describe('in chromium', () => {
  const { openPage } = useChatPages('chromium');

  test('a formula is its source until it is whole, and stays a formula while more text arrives', async () => {
    const page = await openPage(url);
    await show(page, '$x_0$');
    await page.waitForSelector('math');
    const text = 'a\n\n$$\n\\frac{a}{b}\n$$\n\nmore and more';
    const whole = text.lastIndexOf('\n$$\n') + 3;
    const seen = await page.evaluate(`(() => {
      const text = ${JSON.stringify(text)};
      const seen = [];
      for (let end = 1; end <= text.length; end += 1) {
        window.show(text.slice(0, end));
        seen.push(document.querySelector('math'));
      }
      return seen.map((math) => math === null ? 0 : math === seen.at(-1) ? 1 : 2);
    })()`);
    expect(seen).toEqual(Array.from(text, (_, index) => (index + 1 >= whole ? 1 : 0)));
  });

  test('hostile formulas and mistakes are shown as they were written, and the page goes on', async () => {
    const page = await openPage(url);
    const hostile = [
      '\\href{javascript:hit()}{x}',
      '\\includegraphics{https://away.example/x.png}',
      '\\def\\a{\\a\\a}\\a_1',
      '\\style{position:fixed}{x}',
      '\\nonsense{x}',
      '\\frac{a}{',
      '{'.repeat(1_500),
      '\\frac{'.repeat(100),
    ];
    await show(page, `${hostile.map((tex) => `\\(${tex}\\)`).join('\n\n')}\n\n$x_1$`);
    await page.waitForSelector('math');
    expect(await texts(page, 'math')).toEqual(['x1']);
    expect(await texts(page, 'p code')).toEqual(hostile.map((tex) => `\\(${tex}\\)`));
    await show(page, `\\(\\text{<img src=x: onerror=hit()>}\\) $x_2$`);
    await page.waitForFunction(`document.querySelectorAll('math').length === 2`);
    expect(await page.$$('img, math a, math [href], math [style*=url]')).toEqual([]);
  });
});
