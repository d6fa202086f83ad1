import type { PhrasingContent } from 'mdast';
import type { Known } from './known.ts';
import type { TextPiece } from './piece.ts';
import { readPhrasing, readTable } from './read.ts';

/** Reads a piece of a paragraph or a heading. */
export const phrasingOf = once(({ text }, known): readonly PhrasingContent[] =>
  isPlain(text)
    ? [{ type: 'text', value: text.replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, '') }]
    : readPhrasing(text, known),
);

/** Reads a piece of a table. */
export const tableOf = once(({ text }, known) => readTable(text, known));

/** Looks at a piece once for what is known. */
export function once<T>(look: (piece: TextPiece, known: Known) => T): (piece: TextPiece, known: Known) => T {
  const results = new WeakMap<TextPiece, { readonly known: Known; readonly result: T }>();
  return (piece, known) => {
    const before = results.get(piece);
    if (before?.known === known) return before.result;
    const result = look(piece, known);
    results.set(piece, { known, result });
    return result;
  };
}

/**
 * Whether a line has nothing in it that could be markup or an address: most lines have not, and parsing
 * costs.
 */
function isPlain(text: string): boolean {
  return !/[\\`*_~[\]<&@$\n\r]|:\/\/|www\./i.test(text);
}
