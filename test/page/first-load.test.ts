// The files that a browser loads before the page is shown: index.html, and all that it and its scripts import
// at once.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { root } from '../rig/child.ts';

const folder = join(root, 'dist/page');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Returns the names of the files of the first load. */
function firstLoad(): readonly string[] {
  const html = read('index.html');
  const names = new Set(['index.html']);
  for (const [, name = ''] of html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)) names.add(name);
  // A script that a script imports comes with it. Those of `import(…)` are lazy.
  for (const name of names) {
    if (!name.endsWith('.js')) continue;
    for (const [, other = ''] of read(name).matchAll(
      /(?:^|[;}])(?:import|export)(?:[^'"();]*from)?\s*["']\.\/([^"']+)["']/g,
    ))
      names.add(`assets/${other}`);
  }
  return [...names];
}

test('the first load stays below 150 kB, compressed with brotli', () => {
  const names = firstLoad();
  expect(names.length).toBeGreaterThanOrEqual(3);
  const size = names.reduce((sum, name) => sum + brotliCompressSync(read(name)).length, 0);
  expect(size).toBeLessThan(150_000);
});

test('highlighter, languages, formulas and sheets are not in it', () => {
  const scripts = firstLoad().map(read).join('');
  for (const lazy of ['hljs', 'registerLanguage', 'mathvariant', 'exportedAt'])
    expect(scripts).not.toContain(lazy);
});
