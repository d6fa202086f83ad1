// The page's headers stop injected markup.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { ServerOptions } from 'heddle/server';
import { browserNames, usePages } from '../rig/browser.ts';
import { root } from '../rig/child.ts';

let guarded: Listening;
let bare: Listening;
beforeAll(async () => {
  const agent = defineAgent({ open: () => async function* () {} });
  const shown = pageFiles(join(root, 'dist/page'));
  const serve = (page: ServerOptions['page']): Promise<Listening> =>
    listen(createServer({ agent, store: memoryStore(), ...(page && { page }) }), { port: 0 });
  guarded = await serve(shown);
  bare = await serve((path) => {
    const reply = shown(path);
    const { 'content-security-policy': _, ...headers } = reply?.headers ?? {};
    return reply && { ...reply, headers };
  });
});
afterAll(() => Promise.all([guarded.close(0), bare.close(0)]));

/** Tries everything that an injected text could do. Returns the result of each try. */
const inject = `(async () => {
  const attempt = async (run) => { try { return await run(); } catch (error) { return error.name; } };
  const runs = (make) => new Promise((resolve) => {
    window.ran = () => resolve('ran');
    Promise.resolve(attempt(make)).then((made) => made === undefined || resolve(made));
    setTimeout(resolve, 500, 'stopped');
  });
  const add = (name, properties) => { document.body.append(Object.assign(document.createElement(name), properties)); };
  return {
    markup: await runs(() => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="ran()">'); }),
    handler: await runs(() => { const image = document.createElement('img'); image.setAttribute('onerror', 'ran()'); image.src = 'x'; document.body.append(image); }),
    script: await runs(() => { add('script', { textContent: 'ran()' }); }),
    // Later, for what the driver itself evaluates is let through.
    code: await runs(() => new Promise((resolve, reject) => setTimeout(() => { try { resolve((0, eval)('ran()')); } catch (error) { reject(error); } }))),
    policy: await attempt(() => window.trustedTypes?.createPolicy('p', { createHTML: (text) => text }).name ?? 'none'),
    elsewhere: await attempt(() => fetch('data:text/plain,x').then(() => 'fetched')),
  };
})()`;

describe.each(browserNames)('in %s', (name) => {
  const { newPage } = usePages(name);

  test('the page runs nothing that was injected, and sends nothing elsewhere', async () => {
    const page = await newPage();
    await page.goto(guarded.url);
    const outcomes = (await page.evaluate(inject)) as Record<string, string>;
    expect(
      Object.entries(outcomes).filter(([, outcome]) => outcome === 'ran' || outcome === 'fetched'),
    ).toEqual([]);
    if (name === 'chromium') expect(outcomes).toMatchObject({ markup: 'TypeError', policy: 'TypeError' });
    const framed = await newPage();
    await framed.goto(`${bare.url}/health`);
    await framed.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: ${JSON.stringify(guarded.url)} }))`,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const titles = await Promise.all(
      framed
        .frames()
        .slice(1)
        .map((frame) => frame.evaluate('document.title').catch(() => '')),
    );
    expect(titles).toHaveLength(1);
    expect(titles).not.toContain(await page.title());
  });

  test('the twin: without the policy, all of it runs', async () => {
    const page = await newPage();
    await page.goto(bare.url);
    expect(await page.evaluate(inject)).toMatchObject({
      markup: 'ran',
      handler: 'ran',
      script: 'ran',
      code: 'ran',
      elsewhere: 'fetched',
    });
  });
});
