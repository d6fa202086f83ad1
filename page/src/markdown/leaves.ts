import {
  closesFence,
  isFormula,
  isRule,
  readFence,
  readHeading,
  readHtml,
  readLanguage,
} from './leaf-marks.ts';
import type { Code, Html, ThematicBreak } from './nodes.ts';
import { indentOf, isBlank, withoutIndent } from './rest.ts';
import type { Rest } from './rest.ts';
import { addRow, openTable } from './table-leaf.ts';
import { addText, continueText, underline } from './text-leaf.ts';
import { add, closeLeaf, innermost, touch } from './tree.ts';
import type { Tree } from './tree.ts';

// A browser lays out only the group that grows.
const maxGroupLength = 4096;

/** Adds a line to open code or HTML, whatever the line holds. Returns whether it did. */
export function takeWhole(tree: Tree, rest: Rest): boolean {
  const { leaf } = tree;
  if (leaf?.type === 'code' && leaf.fence !== undefined) {
    const { mark, indent } = leaf.fence;
    const isEnd = indentOf(rest) < 4 && closesFence(withoutIndent(rest, 3).text, mark);
    if (!isEnd || isFormula(mark)) leaf.groups = withLine(leaf.groups, withoutIndent(rest, indent).text);
    if (isEnd) closeLeaf(tree);
    leaf.isClosed = isEnd;
    touch(leaf);
    return true;
  }
  if (leaf?.type !== 'html' || (leaf.end === undefined && isBlank(rest.text))) return false;
  leaf.groups = withLine(leaf.groups, rest.text);
  touch(leaf);
  if (leaf.end?.test(rest.text)) closeLeaf(tree);
  return true;
}

/** Returns whether a line begins a block even when a paragraph could continue. */
export function startsBlock(rest: Rest): boolean {
  const { text } = withoutIndent(rest, 3);
  const html = readHtml(text, true);
  return indentOf(rest) < 4 && (isRule(text) || (readHeading(text) ?? readFence(text) ?? html) !== undefined);
}

/** Adds a line to the block it belongs to. */
export function addLine(tree: Tree, rest: Rest): void {
  const { leaf } = tree;
  const paragraph = leaf?.type === 'text' ? leaf : undefined;
  const { text } = withoutIndent(rest, 3);
  if (indentOf(rest) >= 4) {
    if (paragraph === undefined) addCode(tree, withoutIndent(rest, 4).text);
    else continueText(tree, paragraph, rest.text, false);
  } else if (paragraph !== undefined && underline(tree, paragraph, text)) closeLeaf(tree);
  else if (addSummary(tree, text) || addBlock(tree, rest, text)) return;
  else if (leaf?.type === 'table') addRow(tree, leaf, text);
  else if (paragraph === undefined) startText(tree, text);
  // After a complete definition, the next one starts a new text. So a text with many definitions is not read
  // again and again.
  else if (paragraph.pieces.length === 0 && text.startsWith('[')) startText(tree, text);
  else if (!openTable(tree, paragraph, text)) continueText(tree, paragraph, text, true);
}

/** Adds the summary of a `<details>` block, when the block begins with one. */
function addSummary(tree: Tree, text: string): boolean {
  const fold = innermost(tree);
  const summary = /^<summary>(.*)<\/summary>[ \t]*$/i.exec(text)?.[1];
  if (summary === undefined || fold.type !== 'fold' || fold.children.length > 0) return false;
  fold.hasSummary = true;
  addText(tree, summary);
  return true;
}

function startText(tree: Tree, text: string): void {
  closeLeaf(tree);
  tree.leaf = addText(tree, text);
}

function addCode(tree: Tree, line: string): void {
  let { leaf } = tree;
  if (leaf?.type !== 'code') {
    closeLeaf(tree);
    leaf = add<Code>(tree, {
      ...common(tree),
      type: 'code',
      isClosed: false,
      fence: undefined,
      language: undefined,
      groups: [],
      blanks: '',
    });
    tree.leaf = leaf;
  }
  for (const blank of leaf.blanks.split('\n').slice(0, -1)) leaf.groups = withLine(leaf.groups, blank);
  leaf.groups = withLine(leaf.groups, line);
  leaf.blanks = '';
  touch(leaf);
}

function addBlock(tree: Tree, rest: Rest, text: string): boolean {
  const heading = readHeading(text);
  const mark = readFence(text);
  const html = readHtml(text, tree.leaf?.type === 'text');
  if (!isRule(text) && (heading ?? mark ?? html) === undefined) return false;
  closeLeaf(tree);
  if (heading !== undefined) addText(tree, heading.text, heading.depth);
  else if (mark !== undefined) {
    const fence = { mark, indent: indentOf(rest) };
    // A formula keeps its marks, because they say how to read it.
    const groups = isFormula(mark) ? withLine([], text) : [];
    tree.leaf = add<Code>(tree, {
      ...common(tree),
      type: 'code',
      isClosed: false,
      fence,
      language: readLanguage(text),
      groups,
      blanks: '',
    });
  } else if (html !== undefined) {
    tree.leaf = add<Html>(tree, { ...common(tree), type: 'html', end: html.end, groups: [] });
    takeWhole(tree, rest);
  } else add<ThematicBreak>(tree, { ...common(tree), type: 'rule' });
  return true;
}

function common(tree: Tree) {
  return { parent: innermost(tree), version: 0 };
}

/** Adds a line to the last group, or starts a new group when that is full. */
function withLine(groups: readonly string[], line: string): readonly string[] {
  const last = groups.at(-1);
  return last !== undefined && last.length < maxGroupLength
    ? [...groups.slice(0, -1), `${last}${line}\n`]
    : [...groups, `${line}\n`];
}
