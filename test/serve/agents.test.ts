// The agent files that `heddle serve` accepts, in a folder as `npm init -y` makes it: CommonJS, without
// packages.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { root, start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

const folder = temporaryFolder();
const write = (name: string, text: string): void => writeFileSync(join(folder.path, name), text);
beforeAll(() => {
  write('package.json', '{"name":"mine","version":"1.0.0","main":"index.js","type":"commonjs"}');
  mkdirSync(join(folder.path, 'lib'));
  write('lib/word.ts', "export const word: string = 'WORD';");
  write('lib/word.js', "export const word = 'WORD';");
  write('lib/word.cjs', "exports.word = 'WORD';");
  write('lib/broken.js', 'export const a = 1;\nexport const b = (;\n');
});
afterAll(() => folder.remove());
let child: Child | undefined;
afterEach(() => child?.stop());

function serve(file: string, flags: readonly string[] = []): Child {
  const heddle = join(root, 'dist/cli/heddle.js');
  child = start(process.execPath, [...flags, heddle, 'serve', file, '--memory', '--port', '0'], {
    cwd: folder.path,
  });
  return child;
}

async function answerOf(file: string, flags?: readonly string[]): Promise<string> {
  const [, url] = await serve(file, flags).waitFor(/on (http:\/\/\S+)/);
  return (await fetch(`${url}/stream?prompt=hi`)).text();
}

/** Runs the command to its end, and returns its output. */
async function refusalOf(file: string): Promise<string> {
  const { process: served, output } = serve(file);
  const code = await new Promise((resolve) => served.on('close', resolve));
  expect(code).toBe(1);
  return output();
}

const typed = `import { toText } from 'heddle';
import type { Turn } from 'heddle';
import { word } from './lib/word.ts';

export default async function* ({ input, session }: Turn & { session: string }) {
  yield \`\${toText(input.content)} \${word} \${session}\`;
}
`;
const plain = typed
  .replace(/import type .*\n/, '')
  .replace(/: Turn.*string }/, '')
  .replace('word.ts', 'word.js');
const required =
  "const { word } = require('./lib/word.cjs');\nmodule.exports = async function* () { yield word; };\n";
const compiled = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.default = agent;
const { word } = require('./lib/word.cjs');
async function* inner() { yield word; }
function agent() {
  const iterator = inner.apply(this, arguments);
  return { next: () => iterator.next(), return: () => iterator.return(), [Symbol.asyncIterator]() { return this; } };
}
`;

test.each([
  ['a.ts', typed],
  ['a.mts', typed],
  ['a.js', plain],
  ['a.mjs', plain],
  ['required.js', required],
  ['a.cjs', required],
  ['a.cts', required.replace('{ word }', '{ word }: { word: string }')],
  ['compiled.js', compiled],
  ['bound.mjs', 'async function* agent() { yield "WORD"; }\nexport default agent.bind(undefined);'],
  ['text.mjs', 'export default async () => "WORD";'],
  ['generator.mjs', 'export default function* () { yield "WORD"; }'],
  ['strands.mjs', 'export default () => ({ stream: async function* () {} , messages: [] });'],
  ['open.mjs', 'export default { open: () => async function* () { yield "WORD"; } };'],
])('%s is served', async (name, text) => {
  write(name, text);
  const answer = await answerOf(name);
  expect(answer).toContain('event: end');
  if (name !== 'strands.mjs') expect(answer).toContain('WORD');
});

test('an agent starts before the server listens, and closes after it', async () => {
  const told = (word: string): string => `${word}: async () => console.error('${word}s')`;
  write(
    'starts.mjs',
    `export default { open: () => async function* () {}, ${told('start')}, ${told('close')} };`,
  );
  const served = serve('starts.mjs');
  await served.waitFor(/starts[^]*heddle serves/);
  expect(await served.stop('SIGTERM')).toBe(0);
  expect(served.output()).toContain('closes');
});

test('an agent that does not start is told in one sentence, and nothing is served', async () => {
  const start = "start: async () => { throw new Error('spawn nothing ENOENT'); }";
  write('fails.mjs', `export default { open: () => async function* () {}, ${start} };`);
  expect(await refusalOf('fails.mjs')).toBe('heddle: The agent does not start: spawn nothing ENOENT\n');
});

test('TypeScript is served by a Node that does not strip types', async () => {
  write('types.ts', typed);
  expect(await answerOf('types.ts', ['--no-experimental-strip-types'])).toContain('WORD');
});

test.each([
  ['syntax.mjs', 'export default function () {\n  return (;\n}', "Unexpected token ';' (syntax.mjs:2)"],
  ['syntax.js', 'export default function () {\n  return (;\n}', "Unexpected token ';' (syntax.js:2)"],
  ['syntax.ts', 'export const a: number = 1;\nexport default function ( {', '(syntax.ts:2)'],
  [
    'enum.ts',
    'const a = 1;\nenum A { B }\nexport default () => A.B',
    'enum is not supported in strip-only mode (enum.ts:2)',
  ],
  [
    'imports.ts',
    "import { b } from './lib/broken.js';\nexport default () => b;",
    "Unexpected token ';' (lib/broken.js:2)",
  ],
  [
    'named.ts',
    "\nimport { other } from './lib/word.ts';\nexport default other;",
    "named 'other' (named.ts:2)",
  ],
  [
    'throws.mjs',
    '\nawait Promise.reject(new Error("no key\\nat all"));',
    'does not load: no key (throws.mjs:2)',
  ],
  ['thrown.mjs', 'throw null;', 'does not load: null'],
  ['never.mjs', 'await new Promise(() => {});', 'does not load: it awaits what never comes.'],
  [
    'package.ts',
    "import { z } from 'zod/v4';\nexport default z;",
    'the package zod, which package.ts imports, is not installed: npm install zod',
  ],
  [
    'scoped.cjs',
    "require('@scope/name/sub');",
    'the package @scope/name is not installed: npm install @scope/name',
  ],
  [
    'short.ts',
    "import { word } from './lib/word';\nexport default word;",
    'lib/word.ts is: imports have the whole name',
  ],
  ['esm.cjs', 'export default 1;', 'name the file .mjs or .mts'],
  ['page.tsx', 'export default 1;', 'page.tsx cannot be run by Node; an agent file is named .ts'],
  ['names.mjs', 'export const agent = 1, tools = 2;', 'has no default export. It exports agent, tools'],
  ['number.mjs', 'export default 42;', 'The default export of number.mjs is no agent.'],
  [
    'class.mjs',
    'export default class Weather {}',
    'this is a class (Weather). Give a function that makes one',
  ],
  [
    'called.mjs',
    'async function* agent() {}\nexport default agent();',
    'Give the function itself, without calling it.',
  ],
  ['one.mjs', 'export default { stream: async function* () {} };', 'strands(() => new Agent(…))'],
])('%s is reported in one line at the start', async (name, text, words) => {
  write(name, text);
  const told = (await refusalOf(name)).split('\n').filter((line) => line.startsWith('heddle: '));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(words);
});

test('a missing file, or a folder, is reported', async () => {
  expect(await refusalOf('no-such.ts')).toContain('There is no agent file no-such.ts.');
  expect(await refusalOf('lib')).toContain('lib is a folder; name the file of the agent.');
});
