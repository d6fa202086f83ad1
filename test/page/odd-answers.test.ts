// Answers that no person would write. The page shows them in some way, and is there after a reload.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import { browserNames, usePages } from '../rig/browser.ts';
import { ask, byId, visibleTexts } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';

const done = `${byId('agent-message')}[data-outcome=completed]`;

/** Nests a number of objects. */
function nest(levels: number): unknown {
  let value: unknown = 'innermost';
  for (let level = 0; level < levels; level += 1) value = { a: value, b: [] };
  return value;
}

let listening: Listening;
beforeAll(async () => {
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        if (input.content === 'quotes') yield `Hello\n\n${'>'.repeat(3_000)} the end`;
        else if (input.content === 'brackets') yield `Hello\n\n${'['.repeat(3_000)} the end`;
        else {
          yield { type: 'tool_use', call: 'c', tool: 'digger', input: nest(500) };
          yield { type: 'tool_result', call: 'c', output: nest(500) };
          yield { type: 'custom', name: 'depths', data: nest(500) };
          yield 'the end';
        }
      },
  });
  const page = pageFiles(join(root, 'dist/page'));
  listening = await listen(createServer({ agent, store: memoryStore(), page }), { port: 0 });
});
afterAll(() => listening.close(0));

describe.each(browserNames)('in %s', (name) => {
  const { newPage } = usePages(name);

  test.each([
    ['quotes', 'Hello'],
    ['brackets', 'the end'],
    ['values', 'the end'],
  ])('an answer of many nested %s is shown, and shown again after a reload', async (prompt, text) => {
    const page = await newPage();
    await page.goto(listening.url);
    await ask(page, prompt);
    for (const _ of ['at first', 'after a reload']) {
      await page.locator(done).wait();
      expect((await visibleTexts(page, done)).join()).toContain(text);
      // Each opened element moves those below it.
      await page.$$eval('summary', (found) => found.forEach((summary) => summary.click()));
      await page.locator(byId('composer')).wait();
      expect(await page.$(byId('page-failure'))).toBeNull();
      await page.reload();
    }
  });
});
