// docs/ai-sdk.md: its code has the types it should, its table is what the tests show, its example runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';
import { afterAll, expect, test } from 'vitest';
import { dialectContract } from 'heddle/testing';
import type { DialectCheckName, DialectOracle } from 'heddle/testing';
import { aiSdkOracles, goesOn, isCut } from '../rig/dialects/ai-sdk-clients.ts';
import { usePages } from '../rig/browser.ts';
import { root, run } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

const page = readFileSync(join(root, 'docs/ai-sdk.md'), 'utf8');
const folder = temporaryFolder(join(root, 'test'));
afterAll(() => folder.remove());
const { newPage } = usePages('chromium');

test('the code is that of the files beside this one, whose types are checked', () => {
  const blocks = [...page.matchAll(/```tsx?\n(\/\/ (\S+)\n.*?)```/gs)];
  expect(blocks.length).toBeGreaterThan(5);
  for (const [, text, name] of blocks)
    expect(readFileSync(join(root, `test/docs/ai-sdk/${name}`), 'utf8')).toBe(text);
});

test('the table says what the tests of the clients show', () => {
  const marks = ['¹', '²', '³', '⁴'];
  const reasons = [...new Set(aiSdkOracles.flatMap(({ cannot = {} }) => Object.values(cannot)))];
  const toCell = ({ name, cannot }: DialectOracle, check: DialectCheckName): string => {
    const reason = cannot?.[check];
    if (reason !== undefined) return `no${marks[reasons.indexOf(reason)]}`;
    return isCut(check) && !goesOn.has(name) ? 'after a reload' : 'yes';
  };
  const head = ['', ...aiSdkOracles.map(({ name }) => name)];
  const rows = dialectContract.map(({ name }) => [
    name,
    ...aiSdkOracles.map((oracle) => toCell(oracle, name)),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const notes = reasons.map((reason, index) => `${marks[index]} ${reason}`);
  const table = [...lines, '', notes.join('\n\n')].join('\n');
  const found = /<!-- ai-sdk-clients -->\n(.*?)\n<!-- \/ai-sdk-clients -->/s.exec(page)?.[1]?.trim();
  const toPlain = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/ ?-{3,} ?/g, '---');
  expect(toPlain(found ?? ''), `The table is not this:\n${table}\n`).toBe(toPlain(table));
});

test('the example asks, waits for approval and goes on, also after a reload', async () => {
  const child = run(['examples/ai-sdk/server.ts'], { env: { PORT: '0' } });
  const [, url = ''] = await child.waitFor(/listening on (\S+)/);
  process.env['HEDDLE_URL'] = url;
  const vite = await createServer({
    configFile: join(root, 'examples/ai-sdk/vite.config.ts'),
    // Tests read the source, and leave no cache.
    resolve: { conditions: ['@heddle/source', 'module', 'browser', 'development'] },
    cacheDir: join(folder.path, 'vite'),
    logLevel: 'error',
    server: { port: 0 },
  });
  try {
    await vite.listen();
    const tab = await newPage();
    await tab.goto(vite.resolvedUrls?.local[0] ?? '');
    await tab.locator('input').fill('Hello');
    await tab.keyboard.press('Enter');
    await tab.locator('button::-p-text(Yes)').wait();
    await tab.reload();
    await tab.locator('button::-p-text(Yes)').click();
    await tab.locator('p::-p-text(The email is sent.)').wait();
    expect(await tab.$$eval('article', (all) => all.map((each) => each.className))).toEqual([
      'user',
      'assistant',
    ]);
  } finally {
    await vite.close();
    await child.stop();
  }
});
