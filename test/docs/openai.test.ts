// Runs the code blocks of docs/openai.md as they are, on another port, and compares its routes with the
// dialect's.
import { openAi } from 'heddle/dialects';
import { expect, test } from 'vitest';
import { useDocsPage } from '../rig/docs-page.ts';

const page = useDocsPage('docs/openai.md');

test.each([
  ['responses.ts', 'You asked: What is a heddle?\nYou asked: And a shuttle?\n'],
  ['chat.ts', 'You asked: What is a heddle?\n'],
  ['read-on.ts', 'You asked: What is a heddle?\n'],
  ['lang-chain.ts', 'You asked: What is a heddle?\n'],
])('%s of the page says what the agent says', async (name, output) => {
  expect(await page.outputOf(name)).toBe(output);
});

test('the curl of the page gets chunks to the end', async () => {
  const lines = (await page.outputOf('chat.sh', 'sh'))
    .split('\n')
    .filter((line) => line.startsWith('data: '));
  expect(lines.join('\n')).toContain('"content":"You asked: What is a heddle?"');
  expect(lines.at(-1)).toBe('data: [DONE]');
});

test('the page has all routes', () => {
  for (const { method, path } of openAi().routes ?? [])
    expect(page.text).toContain(`| \`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}\` |`);
});
