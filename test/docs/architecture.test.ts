// ARCHITECTURE.md names what is there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../rig/child.ts';

const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

/** The steps of the four paths: a file under `src/`, and what it declares. */
const steps = [...page.matchAll(/`([\w/.-]+\.ts)\s›\s(\w+)`/g)].map(([, file = '', name = '']) => ({
  file,
  name,
}));

/** Whether a text declares a function, a class or a method of that name. */
function declares(text: string, name: string): boolean {
  const forms = [
    `\\b${name}: (?:async )?\\(`,
    `(?:function\\*?|class|const) ${name}\\b`,
    `^\\s+(?:async )?#?${name}(?:<.*>)?\\([^;]*$`,
  ];
  return forms.some((form) => new RegExp(form, 'm').test(text));
}

test.each(steps)('$file has $name', ({ file, name }) => {
  const path = join(root, 'src', file);
  expect(existsSync(path)).toBe(true);
  expect(declares(readFileSync(path, 'utf8'), name)).toBe(true);
});

test('each of the five paths has its steps', () => {
  const paths = page.split('\n## The path of a ').slice(1);
  expect(paths.map((path) => path.slice(0, path.indexOf('\n')))).toEqual([
    'message',
    'reconnect',
    'request of a dialect',
    'notice',
    'takeover',
  ]);
  expect(steps.length).toBeGreaterThan(50);
  expect(declares('function one() {\n  other(1);\n}', 'other')).toBe(false);
});

test('each file that it names in another place exists', () => {
  const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target);
  const files = [...page.matchAll(/\(`?([a-z/-]+\/[a-z-]+\.ts)`?\)/g)].map(([, file = '']) => `src/${file}`);
  expect(links.length).toBeGreaterThan(5);
  expect([...links, ...files].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
