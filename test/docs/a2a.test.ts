// Runs the code blocks of docs/a2a.md as they are, on another port, and compares its limits with the tests.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { a2a } from 'heddle/dialects';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { a2aOracles } from '../rig/dialects/a2a-clients.ts';
import { root, run, start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

const page = readFileSync(join(root, 'docs/a2a.md'), 'utf8');
const blocks = new Map(
  [...page.matchAll(/```\w+\n(?:\/\/|#) (\S+)\n(.*?)```/gs)].map(([, name = '', text = '']) => [name, text]),
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
  // The package is installed under another name here.
  writeFileSync(join(folder.path, name), text.replaceAll(from, to).replaceAll('@a2a-js/sdk', 'a2a-sdk'));
}

async function outputOf(name: string, command?: string): Promise<string> {
  write(name);
  const options = { cwd: folder.path };
  const child = command === undefined ? run([name], options) : start(command, [name], options);
  await new Promise((resolve) => child.process.on('close', resolve));
  return child.output();
}

test('the peers of the page get their answers', async () => {
  const answer = 'You asked: What is a heddle?\n';
  expect(await outputOf('peer.ts')).toBe(answer);
  expect(await outputOf('peer.py', 'python3')).toBe(answer);
  expect(JSON.parse(await outputOf('peer.sh', 'sh'))).toMatchObject({
    task: {
      status: {
        state: 'TASK_STATE_INPUT_REQUIRED',
        message: { parts: [{ text: 'It costs 5. Go on?' }, { data: { reason: 'It costs 5. Go on?' } }] },
      },
    },
  });
});

test('the page has all routes', () => {
  const rows = page.slice(page.indexOf('| route |'), page.indexOf('`a2a({ path })`'));
  for (const { path } of a2a().routes ?? []) {
    const shown = path.replace(':task', '{task}').replace('/:config', '');
    expect(rows).toContain(shown);
  }
});

test('the limits of the page are those of the tests', () => {
  const [, shown] = /<!-- limits:a2a -->\n\n(.*?)\n\n<!-- \/limits:a2a -->/s.exec(page) ?? [];
  const lines = Object.values(a2aOracles).flatMap(({ name, cannot = {} }) =>
    [...Map.groupBy(Object.entries(cannot), ([, why]) => why)].map(
      ([why, checks]) => `- ${name}: ${checks.map(([check]) => check).join(', ')}. ${why}`,
    ),
  );
  expect(shown).toBe(lines.join('\n'));
});
