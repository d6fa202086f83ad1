import type { Footnotes } from './footnotes.ts';
import type { MarkdownRoot } from './nodes.ts';
import { createReferences } from './references.ts';
import { scanLine } from './scan-line.ts';
import { closeLeaf, closeTo, createTree, keep } from './tree.ts';

// Most often an item begins, and a heading made of the paragraph before it would flash up.
const mayUnderline = /^[\s>]*[-=]+[ \t]*$/;

/** A text as it is shown. The root is changed in place: its version tells whether it is. */
interface Shown {
  readonly root: MarkdownRoot;
  readonly footnotes: Footnotes;
}

/**
 * A text that grows. To read on costs what came; what is read depends on the text alone, and not on how it
 * came.
 */
export interface MarkdownDocument {
  /**
   * Reads on, or anew where a text does not begin as the one before. The last line of an open text may be
   * half of one, and a link definition counts when another block has begun.
   */
  read(text: string, open: boolean): Shown;
}

export function createDocument(): MarkdownDocument {
  let growing = createGrowing();
  let before = '';
  return {
    read(text, open) {
      if (!text.startsWith(before)) growing = createGrowing();
      before = text;
      return growing(text, open);
    },
  };
}

function createGrowing(): MarkdownDocument['read'] {
  const tree = createTree();
  const refer = createReferences(tree);
  let end = 0;
  let undo = (): void => {};
  return (text, open) => {
    undo();
    // A carriage return at the end may be the first half of what ends a line.
    const whole = /([^\r\n]*)(?:\r\n|\n|\r(?!$))/gy;
    if (end === 0 && text.startsWith('\ufeff')) end = 1;
    whole.lastIndex = end;
    for (let line = whole.exec(text); line !== null; line = whole.exec(text)) {
      end = whole.lastIndex;
      scanLine(tree, toLine(line[1]));
    }
    undo = keep(tree);
    const rest = text.slice(end).replace(/\r$/, '');
    if (rest !== '' && !(open && mayUnderline.test(rest))) scanLine(tree, toLine(rest));
    if (!open) {
      closeTo(tree, 1);
      closeLeaf(tree);
    }
    return { root: tree.root, footnotes: refer() };
  };
}

function toLine(text = ''): string {
  // In V8 a part of a text keeps the whole alive: each line all of the text as it was when it came.
  const own = ` ${text}`.slice(1);
  // CommonMark 0.31, section 2.3.
  return own.replaceAll('\0', '\ufffd');
}
