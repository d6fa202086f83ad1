// Runs the code blocks of the README and the docs as they are.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { usePages } from '../rig/browser.ts';
import { root, run } from '../rig/child.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import type { Served } from '../rig/heddle-serve.ts';

const pages = ['README.md', 'docs/frameworks.md'].map((page) => readFileSync(join(root, page), 'utf8'));
const blocks = [...pages.join('\n').matchAll(/```(\w+)\n(.*?)```/gs)].map(([, language, text]) => ({
  language,
  text: text ?? '',
}));

/** Returns the one block that contains these words. */
function block(words: string): string {
  const found = blocks.filter(({ text }) => text.includes(words));
  expect(found, words).toHaveLength(1);
  return found[0]?.text ?? '';
}

const { newPage } = usePages('chromium');

// The folder is inside the package, so that the name `heddle` resolves.
const folder = temporaryFolder(join(root, 'test'));
let served: Served;
beforeAll(async () => {
  const agent = join(folder.path, 'agent.mjs');
  writeFileSync(agent, block('export default async function*'));
  served = await heddleServe([agent, '--memory']);
});
afterAll(async () => {
  await served.child.stop();
  folder.remove();
});

const here = (text: string): string => text.replaceAll('http://127.0.0.1:8000', served.url);

test('the client of the README prints the answer of the smallest agent', async () => {
  const file = join(folder.path, 'client.ts');
  writeFileSync(file, here(block('process.stdout')));
  const child = run([file]);
  await new Promise((resolve) => child.process.on('close', resolve));
  expect(child.output()).toBe('You asked: What is a heddle?\n\nIt is four past nine in Tokyo.\n');
});

/** Bundles a file of the folder and runs it in a page of the server. The page has an element `messages`. */
async function runInPage(name: string, text: string): Promise<Page> {
  const file = join(folder.path, name);
  writeFileSync(file, here(text));
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  const page = await newPage();
  await page.goto(`${served.url}/health`);
  await page.evaluate(() => {
    document.body.replaceChildren(document.createElement('main'));
    document.body.firstElementChild?.setAttribute('id', 'messages');
  });
  await page.evaluate(`(async () => {${outputFiles[0]?.text ?? ''}})()`);
  return page;
}

const shown = (page: Page): Promise<string> => page.$eval('#messages', (element) => element.textContent);

test('the React component sends a question and shows the answer of the smallest agent', async () => {
  writeFileSync(join(folder.path, 'chat.tsx'), block('useSession(url)'));
  const page = await runInPage(
    'main.tsx',
    `import { createRoot } from 'react-dom/client';
    import { Chat } from './chat.tsx';
    createRoot(document.querySelector('#messages')!).render(<Chat url="${served.url}" />);`,
  );
  await page.locator('button').click();
  await vi.waitFor(async () => expect(await shown(page)).toContain('four past nine'));
  expect(await shown(page)).toContain('You asked: What is a heddle?');
});

test('the example without a framework shows the conversation', async () => {
  const page = await runInPage('plain.js', block('Any framework, or none'));
  await vi.waitFor(async () => expect(await shown(page)).toContain('four past nine'));
  expect(await shown(page)).toContain('You asked: What is a heddle?');
});

test('the curl lines stream one-shot answers and a conversation', () => {
  const file = join(folder.path, 'lines.sh');
  // The session's stream never ends by itself. Everything else does.
  const lines = here(block('curl -N'))
    .replace(/^npx heddle chat.*$/m, '')
    .replace('curl -N ', 'curl -sN --max-time 5 ');
  writeFileSync(
    file,
    `${lines.replaceAll('curl -N', 'curl -sN --max-time 2').replaceAll('curl -X', 'curl -sX')}\nwait`,
  );
  let output = '';
  try {
    output = execFileSync('bash', [file], { encoding: 'utf8' });
  } catch (error) {
    // When the time of the endless stream is up, curl exits with an error code.
    output = String(Reflect.get(Object(error), 'stdout'));
  }
  expect(output.match(/^event: end$/gm)).toHaveLength(1);
  expect(output).toContain('"status":"ok"');
  expect(output.match(/"type":"message_end"/g)).toHaveLength(1);
});

test('every file that the README and the docs link to exists', () => {
  for (const page of ['README.md', 'ARCHITECTURE.md', 'PROTOCOL.md', 'SECURITY.md', 'CONTRIBUTING.md']) {
    for (const [, link = ''] of readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#]+)\)/g)) {
      if (!link.startsWith('http'))
        expect(() => readFileSync(join(root, link)), `${page}: ${link}`).not.toThrow(/ENOENT/);
    }
  }
});
