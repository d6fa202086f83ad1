import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces the text between two markers of a page: `<!-- name -->` and `<!-- /name -->`. */
export function writeTable(page: string, name: string, text: string): void {
  const file = new URL(`../${page}`, import.meta.url);
  const before = readFileSync(file, 'utf8');
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [before.indexOf(start), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no ${start} … ${end} to write between.`);
  writeFileSync(file, `${before.slice(0, from + start.length)}\n\n${text}\n\n${before.slice(to)}`);
}
