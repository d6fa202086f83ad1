import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findOrigin } from './find-origin.ts';

function install(resolved?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const root = join(folder, 'first/node_modules/heddle');
  mkdirSync(root, { recursive: true });
  writeFileSync(join(folder, 'heddle-0.1.0.tgz'), '');
  const packages = { 'node_modules/heddle': { resolved } };
  if (resolved !== undefined)
    writeFileSync(join(root, '../.package-lock.json'), JSON.stringify({ packages }));
  return { folder, root };
}

test('a copy that was made of a packed file names the file', () => {
  const { folder, root } = install('file:../heddle-0.1.0.tgz');
  expect(findOrigin(root)).toBe(join(folder, 'heddle-0.1.0.tgz'));
});

test('a copy whose packed file is gone, and one that npm did not install, name their own folder', () => {
  for (const { root } of [install('file:../gone.tgz'), install()]) expect(findOrigin(root)).toBe(root);
});

test('a copy from a registry is found by its version', () => {
  expect(findOrigin(install('https://npm.example/heddle/-/heddle-0.1.0.tgz').root)).toBeUndefined();
});
