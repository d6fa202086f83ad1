// Follows docs/tutorial.md as it is, in a folder that has only the package.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { launchBrowser } from '../rig/browser.ts';
import { ask, byId } from '../rig/chat-page.ts';
import { root } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { findPort } from '../rig/redis-server.ts';
import { openTerminal } from '../rig/terminal.ts';
import type { Terminal } from '../rig/terminal.ts';

const page = readFileSync(join(root, 'docs/tutorial.md'), 'utf8');
const folder = temporaryFolder();
let browser: Browser;

type Step =
  | { readonly type: 'words' | 'text' | 'sh'; readonly text: string }
  | { readonly type: 'file'; readonly name: string; readonly text: string };

/** The sections by number. The text before the first heading is 0. */
const sections: readonly (readonly Step[])[] = page.split(/^## /m).map(toSteps);

function toSteps(section: string): readonly Step[] {
  return section.split(/^(```\w+\n.*?^```$)/ms).map((text): Step => {
    const [, language, block = ''] = /^```(\w+)\n(.*?)^```$/ms.exec(text) ?? [];
    if (language === undefined) return { type: 'words', text };
    if (language === 'sh' || language === 'text') return { type: language, text: block.trim() };
    const [, name] = /^(?:\/\/|<!--) (\S+)/.exec(block) ?? [];
    if (name === undefined) throw new Error(`A block has no name of a file in its first line:\n${block}`);
    return { type: 'file', name, text: block };
  });
}

/**
 * Creates a follower that runs a page's steps in a folder. The prose names the terminal for the steps after
 * it.
 */
function createFollower(home: string, env: NodeJS.ProcessEnv, context: TestContext) {
  const terminals = new Map<string, Terminal>();
  let terminal = 'first';
  const at = (name: string): Terminal => {
    const known = terminals.get(name) ?? openTerminal(home, { ...env, ...quiet() });
    terminals.set(name, known);
    return known;
  };
  context.onTestFailed(() => {
    for (const [name, { output }] of terminals) console.error(`The ${name} terminal:\n${output()}`);
  });
  context.onTestFinished(async () => {
    for (const each of terminals.values()) await each.close();
  });
  const port = env['PORT'] ?? '8000';
  const here = (text: string): string => text.replaceAll('8000', port);

  return {
    async follow(steps: readonly Step[]): Promise<void> {
      for (const [index, step] of steps.entries()) {
        if (step.type === 'words') {
          terminal = step.text.match(/\b(first|second)(?= terminal)/g)?.at(-1) ?? terminal;
          if (step.text.includes('Press Ctrl-C')) await at(terminal).interrupt();
        } else if (step.type === 'file') write(home, step.name, here(step.text));
        else if (step.type === 'text') await at(terminal).see(here(step.text));
        else if (/^npm install \w/.test(step.text)) link(home, step.text.split(' ').slice(2));
        else {
          await at(terminal).run(here(step.text));
          // If no output follows, waits until the lines have ended.
          if (steps[index + 2]?.type !== 'text') await at(terminal).end();
        }
      }
    },
    async end(): Promise<void> {
      for (const each of terminals.values()) await each.end();
    },
  };
}

function write(home: string, name: string, text: string): void {
  mkdirSync(dirname(join(home, name)), { recursive: true });
  writeFileSync(join(home, name), text);
}

/** Links packages of this project instead of installing them with npm. */
function link(home: string, names: readonly string[]): void {
  for (const name of names) symlinkSync(join(root, 'node_modules', name), join(home, 'node_modules', name));
  const bin = join(home, 'node_modules/.bin');
  for (const name of ['esbuild']) symlinkSync(join(root, 'node_modules/.bin', name), join(bin, name));
}

/** Settings as at a terminal, where curl shows no progress. npm works offline. */
function quiet(): NodeJS.ProcessEnv {
  return {
    CURL_HOME: folder.path,
    NO_COLOR: '1',
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
}

/** Creates a copy of the folder as it is before a section, with a port of its own. */
async function before(section: number, context: TestContext) {
  const home = join(folder.path, `before-${section}`);
  cpSync(join(folder.path, 'my-agent'), home, { recursive: true, verbatimSymlinks: true });
  const port = await findPort();
  const url = `http://127.0.0.1:${port}`;
  for (const step of sections.slice(0, section).flat())
    if (step.type === 'file') write(home, step.name, step.text.replaceAll('8000', String(port)));
  const follower = createFollower(home, { PORT: String(port), HEDDLE_URL: url }, context);
  return { url, end: follower.end, follow: (number: number) => follower.follow(sections[number] ?? []) };
}

async function openPage(url: string, { onTestFinished }: TestContext): Promise<Page> {
  const context = await browser.createBrowserContext();
  onTestFinished(() => context.close());
  const opened = await context.newPage();
  await opened.goto(url);
  return opened;
}

/** Section 1: puts the tarball where the clone of the repository would be. */
beforeAll(async () => {
  writeFileSync(join(folder.path, '.curlrc'), 'silent\n');
  mkdirSync(join(folder.path, 'heddle'));
  const pack = ['pack', '--ignore-scripts', '--pack-destination', join(folder.path, 'heddle')];
  execFileSync('npm', pack, { cwd: root, stdio: 'ignore' });
  const terminal = openTerminal(join(folder.path, 'heddle'), quiet());
  const [clone, install] = (sections[1] ?? []).filter(({ type }) => type === 'sh');
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    repository: { url: string };
  };
  expect(clone?.text.split('\n')).toEqual([
    `git clone ${repository.url.replace(/^git\+|\.git$/g, '')}`,
    'cd heddle && npm ci && npm run build && npm pack',
  ]);
  await terminal.run(install?.text ?? '');
  await terminal.end();
  await terminal.close();
  browser = await launchBrowser('chromium');
}, 60_000);
afterAll(async () => {
  await browser.close();
  folder.remove();
});

test.concurrent(
  'the agent is served, changed, asks for an approval, and answers a client',
  { timeout: 60_000 },
  async (context) => {
    const { url, follow, end } = await before(2, context);
    for (const section of [2, 3, 4, 5]) await follow(section);
    const chat = await openPage(url, context);
    const sentence = /write `(.*?)`/.exec(page.replaceAll('\n', ' '))?.[1] ?? '';
    await ask(chat, sentence);
    await chat.locator(byId('approve')).click();
    await chat.locator('::-p-text(I have paid 120 euros back.)').wait();
    await follow(6);
    await end();
  },
);

test.concurrent('a kill in mid-answer loses nothing', { timeout: 60_000 }, async (context) => {
  const { follow, end } = await before(7, context);
  await follow(7);
  await end();
});

test.concurrent(
  "a page and a server of the user's own answer one person, and the agent's tests pass",
  { timeout: 60_000 },
  async (context) => {
    const { url, follow, end } = await before(8, context);
    await follow(8);
    await follow(9);
    const own = await openPage(`${url}/login?name=ada`, context);
    await own.locator('input').fill('I want my money back for order 17.');
    await own.keyboard.press('Enter');
    await own.locator('::-p-text(Yes)').click();
    await own.locator('::-p-text(I have paid 120 euros back.)').wait();
    await follow(10);
    await end();
  },
);

test('its shell lines have no comments, because some shells refuse them at a prompt', () => {
  for (const step of sections.flat()) if (step.type === 'sh') expect(step.text).not.toContain(' #');
});
