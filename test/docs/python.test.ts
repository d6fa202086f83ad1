// Follows docs/python.md as it is, in a folder that has only the package.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCleanUp } from '../rig/clean-up.ts';
import { root } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { findPort } from '../rig/redis-server.ts';
import { openTerminal } from '../rig/terminal.ts';
import type { Terminal } from '../rig/terminal.ts';

const page = readFileSync(join(root, 'docs/python.md'), 'utf8');
const cleanUp = createCleanUp();

/** The blocks of the page before the section about Strands, with the prose before each. */
function readSteps(): readonly {
  readonly prose: string;
  readonly language: string;
  readonly text: string;
}[] {
  const [followed = ''] = page.split('## Strands');
  return [...followed.matchAll(/(.*?)^```(\w+)\n(.*?)^```$/gms)].map(
    ([, prose = '', language = '', text = '']) => ({ prose, language, text }),
  );
}

/** Creates a folder in which the package is installed. */
function createHome(): string {
  const folder = temporaryFolder();
  cleanUp(folder.remove);
  mkdirSync(join(folder.path, 'node_modules/.bin'), { recursive: true });
  symlinkSync(root, join(folder.path, 'node_modules/heddle'));
  symlinkSync(join(root, 'dist/cli/heddle.js'), join(folder.path, 'node_modules/.bin/heddle'));
  writeFileSync(join(folder.path, '.curlrc'), 'silent\n');
  return folder.path;
}

test('each step of the page runs as printed', { timeout: 30_000 }, async ({ onTestFailed }) => {
  const home = createHome();
  const port = String(await findPort());
  const env = { PORT: port, NO_COLOR: '1', CURL_HOME: home, npm_config_offline: 'true' };
  const here = (text: string): string => text.trim().replaceAll('8000', port);
  const terminals: Record<string, Terminal> = {
    first: openTerminal(home, env),
    second: openTerminal(home, env),
  };
  cleanUp(...Object.values(terminals).map(({ close }) => close));
  const steps = readSteps();
  expect(steps.length).toBeGreaterThan(8);
  let name = 'first';
  onTestFailed(() => {
    for (const [which, { output }] of Object.entries(terminals))
      console.error(`The ${which} terminal:\n${output()}`);
  });
  for (const [index, { prose, language, text }] of steps.entries()) {
    if (prose.includes('Press Ctrl-C')) {
      await terminals['first']?.interrupt();
      name = 'first';
    }
    name =
      prose.match(/\b(first|second)(?= terminal:)/g)?.at(-1) ??
      (prose.includes('a second terminal') ? 'second' : name);
    const terminal = terminals[name];
    if (language === 'python') writeFileSync(join(home, /^# (\S+)/.exec(text)?.[1] ?? ''), text);
    else if (language === 'text') await terminal?.see(here(text));
    else {
      await terminal?.run(here(text));
      if (steps[index + 1]?.language !== 'text') await terminal?.end();
    }
  }
});
