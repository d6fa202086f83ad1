import { closesFold, readFoldMark, readItemMark, readNoteMark, readQuoteMark } from './container-marks.ts';
import type { ItemMark } from './container-marks.ts';
import { addLine, startsBlock, takeWhole } from './leaves.ts';
import type { Container, Fold, ListItem, List, Note, Quote } from './nodes.ts';
import { indentOf, isBlank, withoutIndent } from './rest.ts';
import type { Rest } from './rest.ts';
import { continueText } from './text-leaf.ts';
import { add, addItem, closeLeaf, closeTo, innermost, loosen } from './tree.ts';
import type { Tree } from './tree.ts';

// Deeper than people nest. Deeper marks stay text, so no function that walks the tree can overflow the stack.
const maxDepth = 32;

/**
 * Reads one line (CommonMark 0.31, "A parsing strategy", phase 1) as micromark does. Closed blocks are not
 * read again, so a line costs only its own length.
 */
export function scanLine(tree: Tree, line: string): void {
  const found = goOn(tree, { text: line, column: 0 });
  let { rest } = found;
  const isWhole = found.depth === tree.open.length && !found.isNext;
  if (isWhole && takeWhole(tree, rest)) return;
  if (tree.open[found.depth - 1]?.type === 'fold' && closesFold(rest)) {
    closeTo(tree, found.depth - 1);
    return;
  }

  // Unless the line could continue a text, a list may begin with any number or an empty item.
  const interrupts = isWhole && (tree.leaf?.type === 'text' || tree.leaf?.type === 'code');
  let { depth } = found;
  while (depth <= maxDepth) {
    const inside = open(tree, depth, rest, interrupts);
    if (inside === undefined) break;
    rest = inside;
    depth = tree.open.length;
  }
  const isNew = found.isNext || depth > found.depth;

  const { leaf } = tree;
  if (isBlank(rest.text)) {
    closeTo(tree, depth);
    addBlank(tree, rest, isNew);
  } else if (!isWhole && !isNew && leaf?.type === 'text' && !startsBlock(rest)) {
    continueText(tree, leaf, rest.text, false);
  } else {
    closeTo(tree, depth);
    addLine(tree, rest);
    for (const each of tree.open) if (each.type === 'item') each.isAfterBlank = false;
  }
}

/** Returns how many of the open containers continue, and the rest of the line inside them. */
function goOn(
  tree: Tree,
  line: Rest,
): { readonly depth: number; readonly rest: Rest; readonly isNext: boolean } {
  let rest = line;
  for (const [depth, container] of tree.open.entries()) {
    const inside = insideOf(container, rest);
    if (inside !== undefined) {
      rest = inside;
      continue;
    }
    const next = container.type === 'item' ? readItemMark(rest, false) : undefined;
    if (container.type !== 'item' || next?.marker !== container.list.marker)
      return { depth, rest, isNext: false };
    closeTo(tree, depth);
    if (container.isAfterBlank) loosen(container.list);
    addItem(tree, container.list, next.size, next.isBare);
    return { depth: depth + 1, rest: next.rest, isNext: true };
  }
  return { depth: tree.open.length, rest, isNext: false };
}

function insideOf(container: Container, rest: Rest): Rest | undefined {
  switch (container.type) {
    case 'root':
    case 'fold':
      return rest;
    case 'quote':
      return readQuoteMark(rest);
    case 'note':
      return isBlank(rest.text) || indentOf(rest) >= 4 ? withoutIndent(rest, 4) : undefined;
    case 'item':
      return insideOfItem(container, rest);
  }
}

function insideOfItem(item: ListItem, rest: Rest): Rest | undefined {
  const { size } = item;
  if (isBlank(rest.text)) return withoutIndent(rest, size);
  // An item may begin with at most one blank line.
  const isOver = item.isBare && item.isAfterBlank;
  item.isBare = false;
  return isOver || indentOf(rest) < size ? undefined : withoutIndent(rest, size);
}

/** Opens the container that a line begins at a depth, and returns the rest of the line inside it. */
function open(tree: Tree, depth: number, rest: Rest, interrupts: boolean): Rest | undefined {
  const quoted = readQuoteMark(rest);
  const item = readItemMark(rest, interrupts);
  const note = readNoteMark(rest);
  const fold = readFoldMark(rest);
  const inside = quoted ?? item?.rest ?? note?.rest ?? fold;
  if (inside === undefined) return undefined;
  closeTo(tree, depth);
  closeLeaf(tree);
  const common = { parent: innermost(tree), version: 0, children: [] };
  if (item !== undefined) addList(tree, item);
  else if (quoted !== undefined) tree.open.push(add<Quote>(tree, { ...common, type: 'quote' }));
  else if (fold !== undefined)
    tree.open.push(add<Fold>(tree, { ...common, type: 'fold', hasSummary: false }));
  else if (note !== undefined) {
    const opened = add<Note>(tree, { ...common, type: 'note', id: note.id });
    tree.notes.push(opened);
    tree.open.push(opened);
  }
  return inside;
}

function addList(tree: Tree, { marker, start, size, isBare }: ItemMark): void {
  const parent = innermost(tree);
  const list = add<List>(tree, {
    type: 'list',
    parent,
    version: 0,
    marker,
    start,
    children: [],
    isLoose: false,
  });
  addItem(tree, list, size, isBare);
}

function addBlank(tree: Tree, rest: Rest, isNew: boolean): void {
  if (tree.leaf?.type === 'code') tree.leaf.blanks += `${withoutIndent(rest, 4).text}\n`;
  else closeLeaf(tree);
  // A blank line inside a quote does not count for the item around the quote.
  const quote = tree.open.findLastIndex(({ type }) => type === 'quote');
  for (const each of isNew ? [] : tree.open.slice(quote + 1))
    if (each.type === 'item') each.isAfterBlank = true;
}
