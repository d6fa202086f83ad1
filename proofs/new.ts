// `npm run proof:new -- [--folder DIR]`: each project of `heddle new`, installed from the registry with the
// packed package, checked, tested, started, and answered on its chat page in Chromium. It needs a build.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'puppeteer-core';
import { agentKinds } from '../src/cli/new/agent-kinds.ts';
import { launchBrowser } from '../test/rig/browser.ts';
import { ask, byId } from '../test/rig/chat-page.ts';
import { root, start } from '../test/rig/child.ts';
import { talk } from '../test/rig/talk.ts';

const { values } = parseArgs({
  options: { folder: { type: 'string', default: mkdtempSync(join(tmpdir(), 'heddle-new-')) } },
});
const { folder } = values;

function run(command: string, args: readonly string[], cwd = folder): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Makes, installs, checks, tests and starts one project. Throws at the first thing that goes wrong. */
async function prove(kind: string, tarball: string, browser: Browser): Promise<string> {
  run('npx', ['heddle', 'new', kind, '--agent', kind]);
  const project = join(folder, kind);
  const began = performance.now();
  run('npm', ['install', '--no-audit', '--no-fund', tarball], project);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  run('npm', ['run', 'check'], project);
  run('npm', ['test'], project);
  const [size = ''] = run('du', ['-sm', 'node_modules'], project).split('\t');

  const child = start('npm', ['start'], { cwd: project, env: { PORT: '0' } });
  try {
    const [, url = ''] = await child.waitFor(/on (http:\/\/\S+)/);
    const found = await talk(url, 'Where is order 17?');
    if (!found.answer.endsWith('Order 17 is a loom for 120 euros.')) throw new Error(found.answer);
    const paid = await talk(url, 'Pay order 17 back.', true);
    if (paid.asked !== 1 || !paid.tools.includes('pay_back ok')) throw new Error(JSON.stringify(paid));
    const page = await browser.newPage();
    await page.goto(url);
    await ask(page, 'Pay order 17 back.');
    await page.locator(byId('approve')).click();
    await page.locator('::-p-text(Order 17 is paid back: 120 euros.)').wait();
    await page.close();
  } catch (error) {
    throw new Error(child.output(), { cause: error });
  } finally {
    await child.stop();
  }
  return `${kind}: installed in ${seconds} s (${size} MB); types, test, answer, approval by HTTP and on the page`;
}

mkdirSync(folder, { recursive: true });
const packed = run(
  'npm',
  ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
  root,
).trim();
const tarball = join(folder, packed);
run('npm', ['init', '-y']);
run('npm', ['install', '--no-audit', '--no-fund', tarball]);
const browser = await launchBrowser('chromium');
for (const kind of Object.keys(agentKinds)) {
  try {
    process.stdout.write(`${await prove(kind, tarball, browser)}\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stdout.write(`FAILED ${kind}: ${String(error)} ${String(Object(error).stdout ?? '')}\n`);
  }
}
await browser.close();
