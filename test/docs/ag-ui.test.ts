// Runs the code blocks of docs/ag-ui.md as they are, on another port, and compares its limits with the tests.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { agUi } from 'heddle/dialects';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agUiOracles } from '../rig/ag-ui/ag-ui-oracles.ts';
import { root, run } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

const page = readFileSync(join(root, 'docs/ag-ui.md'), 'utf8');
const blocks = new Map(
  [...page.matchAll(/```tsx?\n\/\/ (\S+)\n(.*?)```/gs)].map(([, name = '', text = '']) => [name, text]),
);

// The folder is inside the package, so that names of packages resolve.
const folder = temporaryFolder(join(root, 'test'));
let server: Child;
let url = '';
beforeAll(async () => {
  write('server.ts', '{ port: 8000 }', '{ port: 0 }');
  copyFileSync(join(root, 'examples/heddle-agent.ts'), join(folder.path, 'heddle-agent.ts'));
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
  const child = run([name], { cwd: folder.path });
  await new Promise((resolve) => child.process.on('close', resolve));
  return child.output();
}

test('the clients of the page have one conversation after each other', async () => {
  expect(await outputOf('http-agent.ts')).toBe('You asked: What is a heddle?\n');
  expect(await outputOf('heddle-agent-client.ts')).toBe(
    'user: What is a heddle?\nassistant: You asked: What is a heddle?\n',
  );
  expect(await outputOf('tanstack.ts')).toBe(
    "[ { type: 'text', content: 'You asked: What is a heddle?' } ]\n",
  );
  const { output } = { output: await outputOf('heddle-agent-client.ts') };
  expect(output.split('\n').filter((line) => line.startsWith('assistant: '))).toHaveLength(2);
});

test('the page for CopilotKit is TypeScript', async () => {
  const { code } = await transform(blocks.get('chat.tsx') ?? '', { loader: 'tsx', jsx: 'automatic' });
  expect(code).toContain('CopilotChat');
});

test('the page has all routes', () => {
  const rows = page.slice(page.indexOf('| route |'), page.indexOf('`agUi({ path, copilotPath })`'));
  for (const { method, path } of agUi().routes ?? []) {
    const shown = path.replace(':agent', '{agent}').replace(':thread', '{thread}');
    const [base = '', last = ''] = shown.split(/(\/(?:connect|stop\/\{thread\}))$/);
    const isShort = base.includes('{agent}') && last !== '';
    if (isShort) expect(rows).toContain(`\`${last}\``);
    else expect(rows).toContain(`\`${method} ${shown}`);
  }
});

test('the limits of the page are those of the tests', () => {
  const [, shown] = /<!-- limits:ag-ui -->\n\n(.*?)\n\n<!-- \/limits:ag-ui -->/s.exec(page) ?? [];
  const lines = Object.values(agUiOracles).flatMap(({ name, cannot = {} }) =>
    [...Map.groupBy(Object.entries(cannot), ([, why]) => why)].map(
      ([why, checks]) => `- ${name}: ${checks.map(([check]) => check).join(', ')}. ${why}`,
    ),
  );
  expect(shown).toBe(lines.join('\n'));
});
