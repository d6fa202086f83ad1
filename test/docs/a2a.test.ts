// Runs the code blocks of docs/a2a.md as they are, on another port, and compares its limits with the tests.
import { a2a } from 'heddle/dialects';
import { expect, test } from 'vitest';
import { a2aOracles } from '../rig/dialects/a2a-clients.ts';
import { toLimitLines, useDocsPage } from '../rig/docs-page.ts';

const page = useDocsPage('docs/a2a.md', {
  // The package is installed under another name here.
  adapt: (code) => code.replaceAll('@a2a-js/sdk', 'a2a-sdk'),
});

test('the peers of the page get their answers', async () => {
  const answer = 'You asked: What is a heddle?\n';
  expect(await page.outputOf('peer.ts')).toBe(answer);
  expect(await page.outputOf('peer.py', 'python3')).toBe(answer);
  expect(JSON.parse(await page.outputOf('peer.sh', 'sh'))).toMatchObject({
    task: {
      status: {
        state: 'TASK_STATE_INPUT_REQUIRED',
        message: { parts: [{ text: 'It costs 5. Go on?' }, { data: { reason: 'It costs 5. Go on?' } }] },
      },
    },
  });
});

test('the page has all routes', () => {
  const rows = page.text.slice(page.text.indexOf('| route |'), page.text.indexOf('`a2a({ path })`'));
  for (const { path } of a2a().routes ?? []) {
    const shown = path.replace(':task', '{task}').replace('/:config', '');
    expect(rows).toContain(shown);
  }
});

test('the limits of the page are those of the tests', () => {
  const [, shown] = /<!-- limits:a2a -->\n\n(.*?)\n\n<!-- \/limits:a2a -->/s.exec(page.text) ?? [];
  expect(shown).toBe(toLimitLines(Object.values(a2aOracles)));
});
