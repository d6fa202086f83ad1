// What the README prints is run as it stands there.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, run } from './child.fixture.ts';
import { heddleServe, temporaryFolder } from './heddle-serve.fixture.ts';
import type { Served } from './heddle-serve.fixture.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```(\w+)\n(.*?)```/gs)].map(([, language, text]) => ({
  language,
  text: text ?? '',
}));

/** The one block with these words in it. */
function block(words: string): string {
  const found = blocks.filter(({ text }) => text.includes(words));
  expect(found, words).toHaveLength(1);
  return found[0]?.text ?? '';
}

// Inside the package, so that its own name resolves.
const folder = temporaryFolder(join(root, 'test'));
let served: Served;
beforeAll(async () => {
  const agent = join(folder.path, 'agent.mjs');
  writeFileSync(agent, block('The smallest agent'));
  served = await heddleServe([agent, '--memory']);
});
afterAll(async () => {
  await served.child.stop();
  folder.remove();
});

const here = (text: string): string => text.replaceAll('http://127.0.0.1:8000', served.url);

test('the client of the first screen prints the answer of the smallest agent', async () => {
  const file = join(folder.path, 'client.ts');
  writeFileSync(file, here(block('createClient')));
  const child = run([file]);
  await new Promise((resolve) => child.process.on('close', resolve));
  expect(child.output()).toBe('You asked: What is a heddle?\n\nIt is four past nine in Tokyo.\n');
});

test('the lines for curl stream one-shot answers and talk both ways', () => {
  const file = join(folder.path, 'lines.sh');
  // The stream of the session never ends by itself; everything else does.
  const lines = here(block('curl -N'))
    .replace(/^npx heddle chat.*$/m, '')
    .replace('curl -N ', 'curl -sN --max-time 5 ');
  writeFileSync(
    file,
    `${lines.replaceAll('curl -N', 'curl -sN --max-time 2').replaceAll('curl -X', 'curl -sX')}\nwait`,
  );
  let output = '';
  try {
    output = execFileSync('bash', [file], { encoding: 'utf8' });
  } catch (error) {
    // The time of the endless stream is up: curl says so by its exit code.
    output = String(Reflect.get(Object(error), 'stdout'));
  }
  expect(output.match(/^event: end$/gm)).toHaveLength(1);
  expect(output.match(/"type":"end"/g)).toHaveLength(1);
  expect(output).toContain('"status":"ok"');
  expect(output.match(/"type":"message_end"/g)).toHaveLength(2);
});

test('every file the README and the docs link to is there', () => {
  for (const page of ['README.md', 'ARCHITECTURE.md', 'PROTOCOL.md', 'CONTRIBUTING.md']) {
    for (const [, link = ''] of readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#]+)\)/g)) {
      if (!link.startsWith('http'))
        expect(() => readFileSync(join(root, link)), `${page}: ${link}`).not.toThrow(/ENOENT/);
    }
  }
});
