// The command, its help and docs/configuration.md all use one table of flags and variables.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/settings.ts';
import type { CommandSettings } from '../../src/cli/settings.ts';
import { root } from '../rig/child.ts';

const all: readonly CommandSettings[] = Object.values(commands);

test('docs/configuration.md is the output of `npm run docs`', () => {
  const script = join(root, 'scripts/configuration.ts');
  const made = execFileSync(process.execPath, [script, '--print'], { cwd: root, encoding: 'utf8' });
  expect(readFileSync(join(root, 'docs/configuration.md'), 'utf8')).toBe(made);
});

test('`--help` of each command names all its flags and variables', () => {
  for (const [name, { settings, variables }] of Object.entries<CommandSettings>(commands)) {
    const args = ['dist/cli/heddle.js', name, '--help'];
    const help = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    for (const { flags, env } of settings)
      for (const words of [flags, env ?? '']) expect(help).toContain(words);
    for (const { env } of variables) expect(help).toContain(env);
  }
});

test('every variable that the commands read is in the table', () => {
  const named = JSON.stringify(all);
  const files = readdirSync(join(root, 'src/cli'), { recursive: true, encoding: 'utf8' });
  const read = files
    .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file))
    .flatMap((file) => [
      ...readFileSync(join(root, 'src/cli', file), 'utf8').matchAll(/env(?:\.|\[')([A-Z_]+)/g),
    ])
    .map(([, name = '']) => name)
    // Every terminal program reads it.
    .filter((name) => name !== 'TERM');
  expect(read).toContain('HEDDLE_SECRET');
  for (const name of read) expect(named).toContain(name);
});

test('a variable belongs to the same flag in every command', () => {
  const names = new Map<string, string>();
  for (const { flags, env } of all.flatMap(({ settings }) => settings)) {
    if (env === undefined) continue;
    expect(names.get(env) ?? flags).toBe(flags);
    names.set(env, flags);
  }
});
