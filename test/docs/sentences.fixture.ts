import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../rig/child.ts';

/**
 * The sentences of a source file that come right behind one of these words, as a person reads them: `…` stands for what is put
 * in. Single words, and pieces of code, are none.
 */
export function sentencesOf(file: string, behind: RegExp): readonly string[] {
  const source = readFileSync(join(root, 'src', file), 'utf8').replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
  const openings = new RegExp(`(?:${behind.source})[\\s(]*(?=['"\`])`, 'g');
  return [...source.matchAll(openings)]
    .map(({ 0: opening, index }) => readLiteral(source, index + opening.length))
    .map((text) => text.replace(/…+/g, '…').replace(/^[\s;,]+/, ''))
    .filter((text) => text.split(' ').length > 2);
}

/** The text of a literal that begins at a place, with `…` for each `${…}`. */
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
