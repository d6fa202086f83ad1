// Runs the code blocks of docs/runtimes.md as they are, and compares its versions with the tested ones.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { newest, oldest } from '../../scripts/npm-programs.ts';
import { root, start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { compile, startWorkerd } from '../runtimes/runtimes.fixture.ts';

const page = readFileSync(join(root, 'docs/runtimes.md'), 'utf8');
const folder = temporaryFolder(join(root, 'test'));
let child: Child | undefined;
beforeAll(() => {
  for (const [, text = '', name = ''] of page.matchAll(/```js\n(\/\/ (\w+\.js).*?)```/gs))
    writeFileSync(join(folder.path, name), text);
});
afterEach(() => child?.stop());
afterAll(() => folder.remove());

async function answerOf(port: string | undefined): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${port}/stream?prompt=hello`)).text();
}

test.each([
  { name: 'Bun', command: newest.bun.path, args: ['serve.js'] },
  { name: 'Deno', command: newest.deno.path, args: ['serve', '-A', '--port', '0', 'serve.js'] },
])('the first server of the page answers in $name', async ({ command, args }) => {
  child = start(command, args, { cwd: folder.path, env: { PORT: '0', NO_COLOR: '1' } });
  const [, port] = await child.waitFor(/http:\/\/[^\s/]+:(\d+)/);
  expect(await answerOf(port)).toContain('You said: hello');
  expect(await child.stop('SIGTERM')).toBe(0);
});

test('the worker answers from its Durable Object', async () => {
  await compile(join(folder.path, 'worker.js'), join(folder.path, 'bundle.js'), 'packages');
  child = startWorkerd(folder.path, 'bundle.js');
  const [, port] = await child.waitFor(/"port":(\d+)/);
  expect(await answerOf(port)).toContain('You said: hello');
});

test('the page names the tested versions, and `engines` names its oldest Nodes', () => {
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  expect(manifest).toContain(`"node": "^${oldest.node.version} || >=${oldest.node24.version}"`);
  for (const row of [
    `| Node | ${oldest.node.version}, ${oldest.node24.version} | ${newest.node.version} | ${oldest.node.version} and ${newest.node.version} |`,
    `| Bun | ${oldest.bun.version} | ${newest.bun.version} | ${newest.bun.version} |`,
    `| Deno | ${oldest.deno.version} | ${newest.deno.version} | ${newest.deno.version} |`,
    `| workerd | compatibility date 2026-01-01 | ${newest.workerd.version} | ${newest.workerd.version} |`,
  ]) {
    expect(page).toContain(row);
  }
});
