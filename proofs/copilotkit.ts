// `npm run proof:copilotkit -- [--folder DIR]`: CopilotKit's React components in Chromium, without their runtime.
// It installs 550 MB into a folder of its own, and leaves screenshots there.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { defineAgent, toText } from 'heddle';
import { agUi } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { toListener } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { Page } from 'puppeteer-core';
import { launchBrowser } from '../test/rig/browser.ts';
import { root } from '../test/rig/child.ts';
import { report } from './report.ts';

const packages = {
  '@copilotkit/react-core': '1.74.0',
  '@copilotkit/react-ui': '1.74.0',
  react: '19.3.1',
  'react-dom': '19.3.1',
};
const { values } = parseArgs({
  options: { folder: { type: 'string', default: mkdtempSync(join(tmpdir(), 'copilotkit-')) } },
});
const folder = values.folder;
const words = 60;

/** Installs the packages, and bundles the page of docs/ag-ui.md with them. */
async function bundlePage(origin: string): Promise<{ readonly js: string; readonly css: string }> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder });
  const docs = readFileSync(join(root, 'docs/ag-ui.md'), 'utf8');
  const [, chat = ''] = /```tsx\n(.*?)```/s.exec(docs) ?? [];
  writeFileSync(join(folder, 'chat.tsx'), chat.replaceAll('http://127.0.0.1:8000', origin));
  const main = `import { createRoot } from 'react-dom/client';
    import { Chat } from './chat.tsx';
    createRoot(document.querySelector('main')!).render(<Chat />);`;
  writeFileSync(join(folder, 'main.tsx'), main);
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'main.tsx')],
    absWorkingDir: folder,
    outdir: folder,
    bundle: true,
    write: false,
    minify: true,
    jsx: 'automatic',
    logLevel: 'error',
    loader: { '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const textOf = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { js: textOf('.js'), css: textOf('.css') };
}

const asked: string[] = [];
let cancelled = 0;
const agent = defineAgent({
  open: () =>
    async function* ({ input, signal }) {
      const text = toText(input.content);
      asked.push(text);
      signal.addEventListener('abort', () => (cancelled += 1));
      for (let word = 1; word <= words && !signal.aborted; word += 1) {
        yield `${text}-${word} `;
        await delay(50);
      }
    },
});

const server = createServer({
  agent,
  store: memoryStore(),
  dialects: [agUi()],
  authenticate: (request) => request.header('x-user'),
});
const answer = toListener(server);
let bundle: Awaited<ReturnType<typeof bundlePage>>;
const http = createHttpServer((request, response) => {
  if (request.url === '/app.js') response.setHeader('content-type', 'text/javascript').end(bundle.js);
  else if (request.url === '/app.css') response.setHeader('content-type', 'text/css').end(bundle.css);
  else if (request.url === '/')
    response
      .setHeader('content-type', 'text/html; charset=utf-8')
      .end(
        '<link rel="stylesheet" href="/app.css"><main></main><script type="module" src="/app.js"></script>',
      );
  else answer(request, response);
}).listen(0, '127.0.0.1');
await once(http, 'listening');
const address = http.address();
const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
bundle = await bundlePage(origin);

const browser = await launchBrowser('chromium');
const page = await browser.newPage();
const failures: string[] = [];
page.on('pageerror', (error) => failures.push(`The page failed: ${String(error)}`));

const textOf = (shown: Page): Promise<string> => shown.evaluate(() => document.body.innerText);
async function waitForText(text: string): Promise<void> {
  for (const end = Date.now() + 20_000; !(await textOf(page)).includes(text); await delay(50))
    if (Date.now() > end) throw new Error(`The page does not show "${text}":\n${await textOf(page)}`);
}
async function say(text: string): Promise<void> {
  const input = await page.waitForSelector('textarea', { timeout: 20_000 });
  await input?.type(text);
  await page.keyboard.press('Enter');
}
const shoot = (name: string): Promise<unknown> => page.screenshot({ path: `${folder}/${name}.png` });
/** Counts the words of an answer in the page. Each should be there once. */
async function count(text: string): Promise<number> {
  return ((await textOf(page)).match(new RegExp(`\\b${text}-\\d+\\b`, 'g')) ?? []).length;
}

try {
  await page.goto(origin);
  await say('one');
  await waitForText(`one-${words} `.trim());
  await shoot('asked');
  await say('two');
  await waitForText('two-10');
  await page.reload();
  await waitForText('two-20');
  await shoot('reloaded');
  await waitForText(`two-${words}`);
  for (const text of ['one', 'two'])
    if ((await count(text)) !== words) failures.push(`"${text}" has ${await count(text)} words.`);
  await say('three');
  await waitForText('three-5');
  await page.click('[data-test-id="copilot-chat-stop"], button[aria-label*="top"]');
  for (const end = Date.now() + 5_000; cancelled === 0 && Date.now() < end;) await delay(20);
  if (cancelled !== 1) failures.push('The stop button does not stop the turn.');
  await shoot('stopped');
  const buttons = await page.$$('button[aria-label*="egenerate"]');
  await buttons.at(-1)?.click();
  await waitForText(`three-${words}`);
  await page.reload();
  await waitForText(`three-${words}`);
  if ((await count('three')) !== words)
    failures.push('An answer that is made again does not take the place.');
  await shoot('again');
  if (asked.join() !== 'one,two,three,three') failures.push(`The agent was asked: ${asked.join()}.`);
} catch (error) {
  failures.push(String(error));
  await shoot('failed');
  writeFileSync(join(folder, 'failed.html'), await page.content());
}
await browser.close();
http.closeAllConnections();
http.close();
await server.close(0);
report({
  name: 'copilotkit',
  title: "CopilotKit's React components in Chromium, without their runtime",
  seed: 'none',
  write: false,
  failures,
  figures: {
    packages: Object.entries(packages)
      .map((each) => each.join(' '))
      .join(', '),
    'answers shown whole, one over a reload': 2,
    'turns stopped by the stop button': cancelled,
    'answers made again': asked.length - 3,
    'screenshots in': folder,
  },
});
