import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isBuilt } from './is-built.ts';
import { temporaryFolder } from '../test/rig/heddle-serve.ts';

let folder: ReturnType<typeof temporaryFolder>;
const at = (path: string, seconds: number): void => utimesSync(join(folder.path, path), seconds, seconds);
const check = (): boolean => isBuilt(folder.path, 'dist/index.html', ['src', 'page', 'package.json']);

beforeEach(() => {
  folder = temporaryFolder();
  for (const path of ['dist', 'src', 'src/server']) mkdirSync(join(folder.path, path));
  for (const path of ['dist/index.html', 'src/server/a.ts', 'package.json'])
    writeFileSync(join(folder.path, path), '');
  for (const path of ['src', 'src/server', 'src/server/a.ts', 'package.json']) at(path, 1_000);
  at('dist/index.html', 2_000);
});
afterEach(() => folder.remove());

test('an up-to-date build is not built again', () => {
  expect(check()).toBe(true);
});

test('a change of a source file at any depth needs a build', () => {
  at('src/server/a.ts', 3_000);
  expect(check()).toBe(false);
});

test('a file that was added or deleted needs a build', () => {
  rmSync(join(folder.path, 'src/server/a.ts'));
  expect(check()).toBe(false);
});

test('a missing or unfinished build is built', () => {
  rmSync(join(folder.path, 'dist/index.html'));
  expect(check()).toBe(false);
});
