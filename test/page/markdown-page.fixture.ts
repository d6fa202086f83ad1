import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import { createServer } from 'heddle/server';
import { root } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import type { Show } from './markdown-app.fixture.tsx';

declare global {
  interface Window {
    readonly show: Show;
  }
}

/** Builds the page's markdown as a page of its own, into a temporary folder. */
export async function buildMarkdownPage(): Promise<{ readonly path: string; readonly remove: () => void }> {
  const folder = temporaryFolder();
  await build({
    configFile: `${root}page/vite.config.ts`,
    logLevel: 'silent',
    build: {
      outDir: folder.path,
      license: false,
      rollupOptions: { input: `${root}test/page/markdown-app.fixture.tsx` },
    },
  });
  // The other scripts are loaded when a text needs them.
  const script = readdirSync(join(folder.path, 'assets')).find((name) => /^markdown-app.*\.js$/.test(name));
  const html = `<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="./assets/${script}"></script>`;
  writeFileSync(join(folder.path, 'index.html'), html);
  return folder;
}

/** Serves the page's markdown on a page of its own, under the policy of the page. */
export async function serveMarkdownPage(): Promise<{
  readonly url: string;
  readonly close: () => Promise<void>;
}> {
  const { path, remove } = await buildMarkdownPage();
  const agent = defineAgent({ open: () => async function* () {} });
  const server = createServer({ agent, store: memoryStore(), page: pageFiles(path) });
  const { url, close } = await listen(server, { port: 0 });
  return { url, close: () => close(0).finally(remove) };
}
