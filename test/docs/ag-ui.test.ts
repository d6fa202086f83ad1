// Runs the code blocks of docs/ag-ui.md as they are, on another port, and compares its limits with the tests.
import { transform } from 'esbuild';
import { agUi } from 'heddle/dialects';
import { expect, test } from 'vitest';
import { agUiOracles } from '../rig/dialects/ag-ui-clients.ts';
import { toLimitLines, useDocsPage } from '../rig/docs-page.ts';

const page = useDocsPage('docs/ag-ui.md', { files: ['examples/heddle-agent.ts'] });

test('the clients of the page have one conversation after each other', async () => {
  expect(await page.outputOf('http-agent.ts')).toBe('You asked: What is a heddle?\n');
  expect(await page.outputOf('heddle-agent-client.ts')).toBe(
    'user: What is a heddle?\nassistant: You asked: What is a heddle?\n',
  );
  expect(await page.outputOf('tanstack.ts')).toBe(
    "[ { type: 'text', content: 'You asked: What is a heddle?' } ]\n",
  );
  const { output } = { output: await page.outputOf('heddle-agent-client.ts') };
  expect(output.split('\n').filter((line) => line.startsWith('assistant: '))).toHaveLength(2);
});

test('the page for CopilotKit is TypeScript', async () => {
  const { code } = await transform(page.blocks.get('chat.tsx') ?? '', { loader: 'tsx', jsx: 'automatic' });
  expect(code).toContain('CopilotChat');
});

test('the page has all routes', () => {
  const rows = page.text.slice(
    page.text.indexOf('| route |'),
    page.text.indexOf('`agUi({ path, copilotPath })`'),
  );
  for (const { method, path } of agUi().routes ?? []) {
    const shown = path.replace(':agent', '{agent}').replace(':thread', '{thread}');
    const [base = '', last = ''] = shown.split(/(\/(?:connect|stop\/\{thread\}))$/);
    const isShort = base.includes('{agent}') && last !== '';
    if (isShort) expect(rows).toContain(`\`${last}\``);
    else expect(rows).toContain(`\`${method} ${shown}`);
  }
});

test('the limits of the page are those of the tests', () => {
  const [, shown] = /<!-- limits:ag-ui -->\n\n(.*?)\n\n<!-- \/limits:ag-ui -->/s.exec(page.text) ?? [];
  expect(shown).toBe(toLimitLines(Object.values(agUiOracles)));
});
