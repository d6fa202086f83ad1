// The projects that `heddle new` makes, from the packed package. Vendors' packages are those of this
// repository. `npm run proof:new` installs them for real.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentKinds } from '../../src/cli/new/agent-kinds.ts';
import { root, start } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { talk } from '../rig/talk.ts';

const kinds = Object.keys(agentKinds);
// Node and npm look for packages and commands in the folders above, so all projects share one node_modules.
const folder = temporaryFolder();
const modules = join(folder.path, 'node_modules');
const heddle = join(modules, 'heddle/dist/cli/heddle.js');
beforeAll(() => {
  mkdirSync(join(modules, 'heddle'), { recursive: true });
  mkdirSync(join(modules, '.bin'));
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder.path];
  const tarball = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim();
  execFileSync('tar', [
    '-xzf',
    join(folder.path, tarball),
    '-C',
    join(modules, 'heddle'),
    '--strip-components=1',
  ]);
  symlinkSync('../heddle/dist/cli/heddle.js', join(modules, '.bin/heddle'));
  for (const name of [
    '@langchain',
    '@openai',
    '@strands-agents',
    '@types',
    'ai',
    'langchain',
    'undici-types',
    'zod',
  ])
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  for (const kind of kinds) expect(make([kind, '--agent', kind]).code, kind).toBe(0);
}, 60_000);
afterAll(() => folder.remove());

/** Runs `heddle new` without a terminal. */
function make(args: readonly string[]): { readonly code: number; readonly output: string } {
  try {
    const output = execFileSync(process.execPath, [heddle, 'new', ...args], {
      cwd: folder.path,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return { code: 0, output };
  } catch (error) {
    const { status, stderr } = error as { readonly status: number; readonly stderr: string };
    return { code: status, output: stderr };
  }
}

test('TypeScript takes all projects, and so do their own tests', { timeout: 120_000 }, async () => {
  writeFileSync(
    join(folder.path, 'tsconfig.json'),
    JSON.stringify({ extends: './generator/tsconfig.json', include: kinds.map((kind) => `${kind}/*.ts`) }),
  );
  const run = promisify(execFile);
  const options = { cwd: folder.path, encoding: 'utf8' } as const;
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const output = (error: unknown): unknown => Object(error).stdout ?? error;
  const [types, tests] = await Promise.all([
    run(process.execPath, [tsc, '-p', '.'], options).then(({ stdout }) => stdout, output),
    run(process.execPath, ['--test', ...kinds.map((kind) => `${kind}/*.test.ts`)], options).then(
      ({ stdout }) => stdout,
      output,
    ),
  ]);
  expect(types).toBe('');
  expect(tests).toMatch(/^. pass 18$/m);
});

// The proof starts all of them. Here each form of the command is started once.
test.concurrent.each(['strands', 'python'])(
  '`npm start` of a project for %s runs a tool, and asks for an approval',
  { timeout: 120_000 },
  async (kind) => {
    const child = start('npm', ['start'], { cwd: join(folder.path, kind), env: { PORT: '0' } });
    const [, url = ''] = await child.waitFor(/on (http:\/\/\S+)/);
    expect(await talk(url, 'Hello')).toMatchObject({
      answer: expect.stringContaining('order 17'),
      tools: [],
    });
    const found = await talk(url, 'Where is order 17?');
    expect(found).toMatchObject({ asked: 0, tools: ['find_order ok'] });
    expect(found.answer).toMatch(/Order 17 is a loom for 120 euros\.$/);
    const paid = await talk(url, 'Pay order 17 back.', true);
    expect(paid).toMatchObject({ asked: 1, tools: expect.arrayContaining(['pay_back ok']) });
    expect(paid.answer).toMatch(/Order 17 is paid back: 120 euros\.$/);
    await child.stop('SIGTERM');
  },
);

test('it prints the files, and what to type next', () => {
  const { code, output } = make(['my agents/two', '--agent', 'generator']);
  expect(code).toBe(0);
  expect(output).toBe(`my agents/two has an agent now: a generator in TypeScript, without a library.
  .gitignore
  agent.test.ts
  agent.ts
  package.json
  README.md
  tsconfig.json
Type next:
  cd 'my agents/two'
  npm install ${realpathSync(join(modules, 'heddle'))}
  npm start
`);
  const manifest: unknown = JSON.parse(readFileSync(join(folder.path, 'my agents/two/package.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: 'two', dependencies: { heddle: '0.1.0' } });
});

test('without a folder it is my-agent, and an empty folder is taken', () => {
  mkdirSync(join(folder.path, 'my-agent'));
  expect(make(['--agent', 'generator']).output).toContain('  cd my-agent\n');
  const { code, output } = make(['--agent', 'generator']);
  expect(code).toBe(1);
  expect(output).toBe('heddle: The folder my-agent is not empty; name one that is new or empty.\n');
});

test('the folder is printed as it was written, and one with nothing but .git is empty', () => {
  const written = join(folder.path, 'whole');
  mkdirSync(join(written, '.git'), { recursive: true });
  expect(make([written, '--agent', 'generator']).output).toContain(`  cd ${written}\n`);
  expect(make(['./-x', '--agent', 'generator']).output).toContain('  cd ./-x\n');
});

test('an empty name of a folder is none', () => {
  const before = readdirSync(folder.path);
  expect(make(['', '--agent', 'strands']).output).toContain('my-agent');
  expect(readdirSync(folder.path)).toEqual(before);
});

test.each([
  [['x'.repeat(300), '--agent', 'openai'], `heddle: ${'x'.repeat(300)} cannot be read: ENAMETOOLONG`],
  [
    ['strands', '--agent', 'ai-sdk'],
    'heddle: The folder strands is not empty; name one that is new or empty.\n',
  ],
  [
    ['strands/agent.ts', '--agent', 'ai-sdk'],
    'heddle: strands/agent.ts is a file; name a folder that is new or empty.\n',
  ],
  [['strands/agent.ts/x', '--agent', 'openai'], 'heddle: strands/agent.ts/x cannot be written: ENOTDIR'],
  [
    ['new'],
    'heddle: heddle new asks for the kind of agent, and there is no terminal. Write --agent with one of strands, ai-sdk, openai, langgraph, python, generator.\n',
  ],
  [['new', '--agent', 'rust'], "error: option '--agent <kind>' argument 'rust' is invalid."],
])('%j is refused, and nothing is made', (args, sentence) => {
  const before = readdirSync(folder.path);
  const { code, output } = make(args);
  expect(code).toBe(1);
  expect(output.slice(0, sentence.length)).toBe(sentence);
  expect(readdirSync(folder.path)).toEqual(before);
});
