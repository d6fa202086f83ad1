import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentKinds, isAgentKind } from './agent-kinds.ts';
import type { AgentKind } from './agent-kinds.ts';
import { readProject } from './project-files.ts';

const root = join(import.meta.dirname, '../../..');
const kinds = Object.keys(agentKinds).filter(isAgentKind);
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

function read(kind: AgentKind, name = 'orders') {
  const files = new Map(readProject(kind, name, root).map((file) => [file.name, file.text]));
  const manifest = JSON.parse(files.get('package.json') ?? '{}') as Manifest;
  return { files, manifest };
}

const all = ['.gitignore', 'agent.test.ts', 'agent.ts', 'package.json', 'README.md', 'tsconfig.json'];
test.each<readonly [AgentKind, readonly string[]]>([
  ['generator', []],
  ['strands', ['offline-model.ts']],
  ['ai-sdk', ['offline-model.ts']],
  ['openai', ['offline-model.ts']],
  ['langgraph', ['offline-model.ts']],
  ['python', ['agent.py', 'heddle_agent.py']],
])('a project for %s has its files', (kind, more) => {
  const { files } = read(kind);
  expect([...files.keys()].toSorted()).toEqual([...all, ...more].toSorted());
  expect(files.get('README.md')).toMatch(/^# orders\n/);
  for (const text of files.values()) expect(text).not.toContain('my-agent');
});

test.each(kinds)('the agent for %s shows where a real model goes', (kind) => {
  const { files } = read(kind);
  const agent = files.get('agent.py') ?? files.get('agent.ts') ?? '';
  expect(agent.match(/^ *(?:\/\/|#) A real model: .+$/gm)).toHaveLength(1);
});

test.each(kinds)('the packages of %s are those that are tested here', (kind) => {
  const { manifest } = read(kind);
  const { heddle, ...others } = manifest.dependencies;
  expect(heddle).toBe(own.version);
  for (const [name, range] of Object.entries({ ...others, ...manifest.devDependencies })) {
    expect(range, name).toBe(`^${own.devDependencies[name]}`);
  }
});

test('a project is not named as a package that it needs', () => {
  expect(read('ai-sdk', 'ai').manifest.name).toBe('my-agent');
  expect(read('openai', 'ai').manifest.name).toBe('ai');
});

test('the name of a folder is written as it is', () => {
  expect(read('generator', '$& orders').files.get('README.md')).toMatch(/^# \$& orders\n/);
});

test('a project in Python starts its command, and has the file of the examples', () => {
  const { files, manifest } = read('python');
  expect(manifest.scripts).toMatchObject({ start: 'heddle serve -- python3 agent.py', test: 'node --test' });
  expect(files.get('heddle_agent.py')).toBe(
    readFileSync(join(root, 'examples/python/heddle_agent.py'), 'utf8'),
  );
});

test.each([
  ['orders', 'orders'],
  ['My Agent!', 'my-agent'],
  ['.hidden', 'hidden'],
  ['東京', 'my-agent'],
  ['heddle', 'my-agent'],
  ['node_modules', 'my-agent'],
])('the folder %s gives the package %s', (name, expected) => {
  expect(read('generator', name).manifest.name).toBe(expected);
});
