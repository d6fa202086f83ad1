import type { PhrasingContent } from 'mdast';
import type { TextDefinitions } from './known.ts';
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

/** Caches a reading of a piece for as long as `known` is the same. */
export function once<T>(
  look: (piece: TextPiece, known: TextDefinitions) => T,
): (piece: TextPiece, known: TextDefinitions) => T {
  const results = new WeakMap<TextPiece, { readonly known: TextDefinitions; readonly result: T }>();
  return (piece, known) => {
    const before = results.get(piece);
    if (before?.known === known) return before.result;
    const result = look(piece, known);
    results.set(piece, { known, result });
    return result;
  };
}

/**
 * Returns whether a line holds no possible markup and no URL. Most lines are such, and parsing is expensive.
 */
function isPlain(text: string): boolean {
  return !/[\\`*_~[\]<&@$\n\r]|:\/\/|www\./i.test(text);
}
