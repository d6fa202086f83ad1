// The page beside scripts that are not its own. Translators and extensions change React's elements, and the
// page goes on.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { browserNames, usePages } from '../rig/browser.ts';
import { ask, byId, visibleTexts } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';

const composer = byId('composer');
const answer = byId('agent-message');
const plain = byId('plain');
const lastWord = 'the-end';

/** The pieces of an answer. The agent sends the next piece when the test calls `sayMore`. */
const pieces: readonly string[] = [
  '# A title\n\nOne paragraph with **bold',
  ' words** and `code` and more',
  ' of them\nand [a link](https://example.com)\n\n- one item',
  ' with *more*\n- another **item**\n  - deeper\n\n',
  '| a | b |\n|---|---|\n| 1 ',
  '| 2 |\n\n```js\nconst a = 1;\n',
  '```\n\n> quoted **words**\n\n1. first\n2. second\n\n',
  `Done, **finally**: ${lastWord}`,
];
let sayMore = (): void => {};
let said = 0;

let listening: Listening;
beforeAll(async () => {
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        if (input.content === 'again and again') {
          // A pause after each call. Nothing is open then, so the page shows and removes its sign of work.
          for (let count = 0; count < 40; count += 1) {
            yield { type: 'tool_use', call: `c${count}`, tool: 'clock', input: {} };
            yield { type: 'tool_result', call: `c${count}`, output: count };
            await delay(50);
            yield `Time ${count}. `;
          }
          yield lastWord;
          return;
        }
        if (input.content === 'a value') {
          yield 'Before.';
          yield { type: 'tool_use', call: 'c1', tool: 'clock', input: { zone: { poison: 1 }, more: 1 } };
          yield { type: 'tool_result', call: 'c1', output: 1 };
          yield 'After.';
          return;
        }
        if (input.content !== 'in pieces') {
          yield `You said ${String(input.content)}.`;
          return;
        }
        for (const piece of pieces) {
          yield piece;
          if (piece === pieces[1])
            yield { type: 'tool_use', call: 'c1', tool: 'clock', input: { zone: 'x' } };
          said += 1;
          await new Promise<void>((resolve) => (sayMore = resolve));
        }
      },
  });
  const page = pageFiles(join(root, 'dist/page'));
  listening = await listen(createServer({ agent, store: memoryStore(), gatherMs: 0, page }), { port: 0 });
});
afterAll(() => listening.close(0));

/** Asks for the answer in pieces. Each piece is sent when the one before is visible. */
async function askInPieces(page: Page): Promise<void> {
  said = 0;
  await ask(page, 'in pieces');
  for (const piece of pieces) {
    const word = /[\w-]+(?=\W*$)/.exec(piece)?.[0] ?? '';
    await vi.waitFor(async () => {
      expect(said).toBe(pieces.indexOf(piece) + 1);
      expect(await lastText(page)).toContain(word.toLowerCase());
    });
    sayMore();
  }
  await page.locator(`${answer}[data-outcome=completed]`).wait();
}

/** Returns the visible text of the last answer. */
async function lastText(page: Page): Promise<string> {
  const texts = await visibleTexts(page, answer);
  return (texts.at(-1) ?? '').toLowerCase().replaceAll(/\s+/g, ' ');
}

/** Returns a script that does something to the page at once, and again after each change of it. */
function keepDoing(what: string): string {
  return `(() => {
    const textsIn = (root) => { const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT); const found = []; while (walker.nextNode()) found.push(walker.currentNode); return found; };
    const act = () => { ${what} };
    const observer = new MutationObserver(() => { observer.disconnect(); act(); watch(); });
    const watch = () => observer.observe(document.body, { childList: true, characterData: true, subtree: true });
    window.stopIt = () => observer.disconnect();
    act();
    watch();
  })()`;
}

// Each script does what some kind of extension does.
const scripts: Readonly<Record<string, string>> = {
  'replaces each text by two elements with other words, as translators do': `
    for (const text of textsIn(document.body)) {
      if (text.nodeValue.trim() === '' || text.parentElement.closest('font, textarea')) continue;
      const outer = document.createElement('font');
      const inner = document.createElement('font');
      inner.append(text.nodeValue.toUpperCase());
      outer.append(inner);
      text.replaceWith(outer);
    }`,
  'wraps each word in an element, as reading aids do': `
    for (const text of textsIn(document.body)) {
      if (text.nodeValue.trim() === '' || text.parentElement.closest('.word, textarea')) continue;
      text.replaceWith(...text.nodeValue.split(/(?<= )/).map((word) => Object.assign(document.createElement('span'), { className: 'word', textContent: word })));
    }`,
  'splits texts': `
    for (const text of textsIn(document.body)) if (text.nodeValue.length > 8 && !text.parentElement.closest('textarea')) text.splitText(4);`,
  'joins texts and removes blank ones': `
    document.body.normalize();
    for (const text of textsIn(document.body)) if (text.nodeValue.trim() === '' && text.parentElement.children.length > 0) text.remove();`,
  'puts elements of its own before and after each text': `
    for (const text of textsIn(document.body)) {
      if (text.nodeValue.trim() === '' || text.parentElement.closest('.own, textarea')) continue;
      if (text.previousElementSibling?.className === 'own') continue;
      const own = () => Object.assign(document.createElement('i'), { className: 'own' });
      text.before(own());
      text.after(own());
    }`,
};

describe.each(browserNames)('in %s', (name) => {
  const { newPage } = usePages(name);

  async function open(): Promise<Page> {
    const page = await newPage();
    await page.goto(listening.url);
    await page.locator(composer).wait();
    return page;
  }

  test.each(Object.entries(scripts))(
    'beside a script that %s, an answer is shown to its end, and so is the next one',
    async (_, script) => {
      const page = await open();
      await page.evaluate(keepDoing(script));
      // In Firefox each takes twice as long.
      for (const count of name === 'chromium' ? [1, 2] : [1]) {
        await askInPieces(page);
        const seen = await lastText(page);
        for (const word of [
          'a title',
          'bold words',
          'code',
          'a link',
          'deeper',
          'const a',
          'quoted',
          'second',
        ])
          expect(seen).toContain(word);
        expect(seen.split(lastWord)).toHaveLength(2);
        expect(await page.$$(answer)).toHaveLength(count);
      }
      expect(await page.$(plain)).toBeNull();
    },
  );

  test('an answer whose elements were moved is rendered anew', async () => {
    const page = await open();
    await ask(page, 'in pieces');
    await vi.waitFor(async () => expect(await lastText(page)).toContain('bold'));
    await page.evaluate(
      `document.querySelector('.prose').append(Object.assign(document.createElement('div'), { id: 'moved' })); moved.append(...document.querySelectorAll('.prose > :not(#moved)'));`,
    );
    for (const _ of pieces.slice(1)) {
      const before = said;
      sayMore();
      await vi.waitFor(() => expect(said).toBeGreaterThan(before));
    }
    sayMore();
    await page.locator(`${answer}[data-outcome=completed]`).wait();
    expect(await lastText(page)).toContain(lastWord);
    expect(await page.$(plain)).toBeNull();
  });

  test('an answer that fails again and again is shown as plain text while the page goes on, and as markdown on request', async () => {
    const page = await open();
    await page.evaluate(
      keepDoing(`for (const message of document.querySelectorAll('${answer}')) {
        if (message.querySelector('${plain}')) continue;
        const moved = Object.assign(document.createElement('div'), { className: 'moved' });
        moved.append(...[...message.childNodes].filter((node) => node.className !== 'moved'));
        if (moved.firstChild) message.append(moved);
      }`),
    );
    await ask(page, 'again and again');
    await page.locator(plain).setTimeout(30_000).wait();
    await page.locator(`${answer}[data-outcome=completed]`).setTimeout(30_000).wait();
    expect(await visibleTexts(page, `${answer} .plain-text`)).toEqual([expect.stringContaining(lastWord)]);
    await page.evaluate('stopIt()');
    await ask(page, 'good bye');
    await vi.waitFor(async () => expect(await lastText(page)).toContain('you said good bye.'));
    await page.locator(`${plain} button`).click();
    await vi.waitFor(async () => expect(await page.$$(byId('tool-card'))).toHaveLength(40));
    expect(await page.$(plain)).toBeNull();
  });

  test('a part that cannot be rendered leaves the parts around it as they are', async () => {
    const page = await open();
    await page.evaluate(`{
      window.real = JSON.stringify;
      JSON.stringify = (value, ...more) => { if (value?.poison) throw new RangeError('Too much.'); return real(value, ...more); };
    }`);
    await ask(page, 'a value');
    await page.locator(`${answer}[data-outcome=completed]`).wait();
    expect(await visibleTexts(page, '.prose')).toEqual(['Before.', 'After.']);
    expect(await visibleTexts(page, '.plain-text')).toEqual(['clock']);
    await page.evaluate('JSON.stringify = real');
    await page.locator(`${plain} button`).click();
    await page.locator(byId('tool-card')).wait();
  });

  test('a page whose elements were moved is rendered anew, with the text in its composer', async () => {
    const page = await open();
    await ask(page, 'hello');
    await page.locator(`${answer}[data-outcome=completed]`).wait();
    await page.locator(composer).fill('half a thou');
    await page.evaluate(
      `{ const around = document.createElement('div'); const side = document.querySelector('aside'); side.before(around); around.append(side); }`,
    );
    await page.setViewport({ width: 400, height: 700 });
    await page.locator('.top-bar [aria-label="Show conversations"]').wait();
    await page.locator(answer).wait();
    expect(await page.$eval(composer, (box) => (box as HTMLTextAreaElement).value)).toBe('half a thou');
    await page.locator(composer).fill('and now');
    await page.keyboard.press('Enter');
    await vi.waitFor(async () => expect(await lastText(page)).toContain('you said and now.'));
  });

  test('a page that cannot be rendered shows a message, and shows itself again when it can', async () => {
    const page = await open();
    await ask(page, 'good day');
    await page.locator(`${answer}[data-outcome=completed]`).wait();
    await page.evaluate(
      `{ window.real = matchMedia; window.matchMedia = () => { throw new Error('Broken.'); }; }`,
    );
    await page.evaluate(`location.hash = '#/'`);
    await page.locator(byId('page-failure')).wait();
    const button = `${byId('page-failure')} .primary`;
    await page.locator(button).click();
    await page.locator(byId('page-failure')).wait();
    await page.evaluate('window.matchMedia = real');
    await page.locator(button).click();
    await page.locator('.start').wait();
    await page.goBack();
    await vi.waitFor(async () => expect(await lastText(page)).toContain('you said good day.'));
  });
});
