import { unknown } from './known.ts';
import { readUnderline } from './leaf-marks.ts';
import type { Text } from './nodes.ts';
import { createPiece, cutPiece, windowOf } from './piece.ts';
import { readDefinitions } from './read.ts';
import { add, innermost, noteAround, rankOf, refer, touch } from './tree.ts';
import type { Tree } from './tree.ts';

/** Begins a paragraph, or a heading when a depth is given. */
export function addText(tree: Tree, source: string, depth = 0): Text {
  const parent = innermost(tree);
  const isFirst = depth === 0 && parent.type === 'item' && parent.children.length === 0;
  const leaf = add<Text>(tree, {
    type: 'text',
    parent,
    version: 0,
    depth,
    rank: depth === 0 ? 0 : rankOf(tree, depth),
    mayDefine: depth === 0,
    isFirst,
    task: undefined,
    pieces: [],
    cut: 0,
    source,
    header: source,
    definitions: [],
    note: noteAround(tree),
    known: unknown,
    asked: undefined,
  });
  shape(tree, leaf);
  return leaf;
}

/**
 * Adds a line to a paragraph. `mayBeHeader` says whether the line may be the first line of a table, which a
 * lazy or indented line may not.
 */
export function continueText(tree: Tree, leaf: Text, line: string, mayBeHeader: boolean): void {
  leaf.source += `\n${line}`;
  leaf.header = mayBeHeader ? line : undefined;
  shape(tree, leaf);
}

/** Turns a paragraph into a heading when a line underlines it. Link definitions alone cannot become one. */
export function underline(tree: Tree, leaf: Text, line: string): boolean {
  const depth = readUnderline(line);
  if (depth === undefined || leaf.pieces.length === 0) return false;
  leaf.depth = depth;
  leaf.rank = rankOf(tree, depth);
  shape(tree, leaf);
  return true;
}

/** Removes the last line of a paragraph. */
export function withoutHeader(tree: Tree, leaf: Text, header: string): void {
  leaf.source = leaf.source.slice(0, -header.length - 1);
  leaf.header = undefined;
  shape(tree, leaf);
}

/** Makes pieces of the text that is not final yet. */
function shape(tree: Tree, leaf: Text): void {
  const pieces = leaf.pieces.slice(0, leaf.cut);
  let text = leaf.cut > 0 ? leaf.source : withoutBox(leaf, withoutDefinitions(leaf, leaf.source));
  for (let piece = cutPiece(text, tree.cuts); piece !== undefined; piece = cutPiece(text, tree.cuts)) {
    pieces.push(piece);
    text = text.slice(piece.text.length);
    leaf.source = text;
    leaf.header = undefined;
  }
  leaf.cut = pieces.length;
  leaf.pieces = /^[ \t\n]*$/.test(text) ? pieces : [...pieces, createPiece(text)];
  refer(tree, leaf);
  touch(leaf);
}

function withoutDefinitions(leaf: Text, text: string): string {
  if (!leaf.mayDefine) return text;
  const window = windowOf(text);
  const { definitions, end } = readDefinitions(window ?? text);
  // A definition that may continue beyond the window does not count.
  if (end === window?.length) return text;
  leaf.definitions = definitions;
  return text.slice(end);
}

function withoutBox(leaf: Text, text: string): string {
  leaf.task = undefined;
  if (!leaf.isFirst || leaf.depth > 0) return text;
  const [box, mark] = /^\[([ \t\nXx])\](?=\n|[ \t]+[^ \t])/.exec(text) ?? [];
  if (box === undefined || mark === undefined) return text;
  leaf.task = mark === 'x' || mark === 'X';
  return text.slice(box.length);
}
