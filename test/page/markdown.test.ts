// A model's answer as browsers show it: while it grows, nested very deeply, and in any script.
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineAgent } from 'heddle';
import { createClient } from 'heddle/client';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import { createServer } from 'heddle/server';
import { browserNames } from '../rig/browser.ts';
import { byId, useChatPages } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';
import { buildMarkdownPage } from './markdown-page.fixture.ts';

/** The URLs of the page, and of its markdown on a page of its own. */
let page: string;
let markdown: string;
const toClose: (() => unknown)[] = [];
beforeAll(async () => {
  const folder = await buildMarkdownPage();
  toClose.push(folder.remove);
  page = await serve(join(root, 'dist/page'));
  markdown = await serve(folder.path);
});
afterAll(async () => {
  for (const close of toClose.toReversed()) await close();
});

/** Serves a page with an agent that repeats the message. */
async function serve(path: string): Promise<string> {
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        if (typeof input.content === 'string') yield input.content;
      },
  });
  const server = createServer({ agent, store: memoryStore(), page: pageFiles(path) });
  const { url, close } = await listen(server, { port: 0 });
  toClose.push(() => close(0));
  return url;
}

describe.each(browserNames)('in %s', (name) => {
  const { openPage } = useChatPages(name);

  /** Opens a conversation with an answer of the agent. */
  async function openAnswer(text: string): Promise<Page> {
    const session = await createClient({ url: page }).create();
    await session.send(text);
    const opened = await openPage(`${page}/#/s/${session.id}`);
    await opened.waitForSelector(`${byId('agent-message')}[data-outcome=completed]`);
    return opened;
  }

  test('a very deeply nested answer is shown, and the page goes on', async () => {
    for (const mark of ['>', '- ', '> 1. ', '[', '**a ', '![', '[a](']) {
      const opened = await openAnswer(`${mark.repeat(3_000)}x`);
      const length = await opened.$eval(byId('agent-message'), ({ textContent }) => textContent.length);
      expect(length).toBeGreaterThan(2_000);
      expect(await opened.$(byId('composer'))).not.toBeNull();
    }
  });

  test('each block has the direction of its text, and code goes from left to right', async () => {
    const opened = await openAnswer(
      'Hello:\n\nمرحبا `a.b()` بالعالم\n\n- one\n- أول\n\n1. واحد\n\n   two\n\n> اقتباس\n>\n> quoted\n\n' +
        '| اسم | b |\n|---|---|\n| أحمد | c |\n\n```\nx = "مرحبا"\n```\n\n## عنوان\n',
    );
    const wrong = await opened.$$eval('.prose :is(p, li, h2, th, td, pre, code)', (elements) =>
      elements.flatMap((element) => {
        const text = element.textContent.trim();
        const { direction, unicodeBidi } = getComputedStyle(element);
        const isCode = element.closest('pre, code') !== null;
        const right = !isCode && /^[\u0600-\u06ff]/.test(text) ? 'rtl' : 'ltr';
        return (unicodeBidi === 'plaintext' && !isCode) || direction === right
          ? []
          : [`${element.tagName} ${text}`];
      }),
    );
    expect(wrong).toEqual([]);
    expect(await opened.$eval('.prose table', (table) => getComputedStyle(table).direction)).toBe('rtl');
  });

  test('while a block grows, its closed parts are not touched', async () => {
    const opened = await openPage(markdown);
    for (const [begin, more] of [
      ['', 'a **b** c\n\n'],
      ['', '- a **b**\n'],
      ['- a\n', '  - b\n'],
      ['1. a\n\n', '   b\n\n'],
      ['', '> a\n>\n'],
      ['| a |\n|---|\n', '| b |\n'],
      ['```\n', 'a line of code that is not so short\n'],
      ['<pre>\n', 'a line of HTML that is not so short\n\n'],
      ['[^1]\n\n[^1]: a\n\n', '    b\n\n'],
      ['', 'a line of a **paragraph** that never ends\n'],
    ] as const) {
      const touched = await opened.evaluate(
        `(${growing})(${JSON.stringify(begin)}, ${JSON.stringify(more)})`,
      );
      expect(touched, begin + more).toEqual([]);
    }
  });

  test('selected text stays selected while more text arrives, also when a late link definition arrives', async () => {
    const opened = await openPage(markdown);
    const selected = await opened.evaluate(`(() => {
      const text = 'select me [x]\\n\\n- a [b]\\n- c\\n\\nmore';
      window.show(text);
      const [paragraph] = document.querySelectorAll('p');
      getSelection().setBaseAndExtent(paragraph.firstChild, 0, paragraph.firstChild, 9);
      const item = document.querySelector('li');
      window.show(text + ' and more\\n\\n[b]: https://example.com/b\\n\\nend');
      const links = document.querySelectorAll('a').length;
      return [String(getSelection()), links, item === document.querySelector('li')];
    })()`);
    expect(selected).toEqual(['select me', 1, true]);
  });
});

/** Shows a long text and then more of it. Returns the changes to earlier elements, except the last ones. */
const growing = `(begin, more) => {
  const text = begin + more.repeat(400);
  window.show(text);
  const root = document.querySelector('#root');
  const nodes = [...root.querySelectorAll('*')];
  const closed = new Set(nodes.slice(0, -40));
  const observer = new MutationObserver(() => {});
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  for (let end = 1; end <= more.length * 2; end += 1) window.show(text + (more + more).slice(0, end));
  const touched = observer.takeRecords().flatMap(({ target, removedNodes }) => {
    const element = target.nodeType === 1 ? target : target.parentElement;
    const holds = element !== null && nodes.slice(-40).some((node) => element.contains(node));
    return [...removedNodes].some((node) => closed.has(node)) || (closed.has(element) && !holds) ? [target.nodeName] : [];
  });
  observer.disconnect();
  if (nodes.length < 60 && root.textContent.length < 8000) return ['too little'];
  return touched;
}`;
