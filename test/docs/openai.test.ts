// Runs the code blocks of docs/openai.md as they are, on another port, and compares its routes with the dialect's.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAi } from 'heddle/dialects';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, run, start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

const page = readFileSync(join(root, 'docs/openai.md'), 'utf8');
const blocks = new Map(
  [...page.matchAll(/```(?:ts|sh)\n(?:\/\/|#) (\S+)\n(.*?)```/gs)].map(([, name = '', text = '']) => [
    name,
    text,
  ]),
);

// The folder is inside the package, so that names of packages resolve.
const folder = temporaryFolder(join(root, 'test'));
let server: Child;
let url = '';
beforeAll(async () => {
  write('server.ts', '{ port: 8000 }', '{ port: 0 }');
  server = run(['server.ts'], { cwd: folder.path });
  [, url = ''] = await server.waitFor(/serving on (\S+)/);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

function write(name: string, from = 'http://127.0.0.1:8000', to = url): void {
  const text = blocks.get(name) ?? '';
  expect(text, name).toContain(from);
  writeFileSync(join(folder.path, name), text.replaceAll(from, to));
}

async function outputOf(name: string): Promise<string> {
  write(name);
  const child = name.endsWith('.sh')
    ? start('sh', [name], { cwd: folder.path })
    : run([name], { cwd: folder.path });
  await new Promise((resolve) => child.process.on('close', resolve));
  return child.output();
}

test.each([
  ['responses.ts', 'You asked: What is a heddle?\nYou asked: And a shuttle?\n'],
  ['chat.ts', 'You asked: What is a heddle?\n'],
  ['read-on.ts', 'You asked: What is a heddle?\n'],
  ['lang-chain.ts', 'You asked: What is a heddle?\n'],
])('%s of the page says what the agent says', async (name, output) => {
  expect(await outputOf(name)).toBe(output);
});

test('the curl of the page gets chunks to the end', async () => {
  const lines = (await outputOf('chat.sh')).split('\n').filter((line) => line.startsWith('data: '));
  expect(lines.join('\n')).toContain('"content":"You asked: What is a heddle?"');
  expect(lines.at(-1)).toBe('data: [DONE]');
});

test('the page has all routes', () => {
  for (const { method, path } of openAi().routes ?? [])
    expect(page).toContain(`| \`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}\` |`);
});
