import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../rig/child.ts';

/**
 * Returns the sentences of a source file that directly follow a match of `behind`, as a person reads them:
 * `…` stands for inserted values. Single words and pieces of code are left out.
 */
export function sentencesOf(file: string, behind: RegExp): readonly string[] {
  const source = readFileSync(join(root, 'src', file), 'utf8').replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
  const openings = new RegExp(`(?:${behind.source})[\\s(]*(?=['"\`])`, 'g');
  return [...source.matchAll(openings)]
    .map(({ 0: opening, index }) => readLiteral(source, index + opening.length))
    .map((text) => text.replace(/…+/g, '…').replace(/^[\s;,]+/, ''))
    .filter((text) => text.split(' ').length > 2);
}

/** Returns the text of a literal that begins at an index, with `…` for each `${…}`. */
function readLiteral(source: string, start: number): string {
  const quote = source[start];
  let text = '';
  for (let at = start + 1; at < source.length && source[at] !== quote; at += 1) {
    if (source[at] === '\\') text += source[(at += 1)] === 'n' ? '' : source[at];
    else if (quote === '`' && source.startsWith('${', at)) {
      at = endOfInserted(source, at + 2);
      text += '…';
    } else text += source[at];
  }
  return text;
}

function endOfInserted(source: string, start: number): number {
  for (let at = start, depth = 1; ; at += 1) {
    if (source[at] === '{') depth += 1;
    if (source[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
}
