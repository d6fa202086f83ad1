import type { Footnotes } from './footnotes.ts';
import type { MarkdownRoot } from './nodes.ts';
import { createReferences } from './references.ts';
import { scanLine } from './scan-line.ts';
import { closeLeaf, closeTo, createTree, keep } from './tree.ts';

// Usually such a line begins a list item. Reading it at once would briefly turn the paragraph before it into
// a heading.
const mayUnderline = /^[\s>]*[-=]+[ \t]*$/;

/** A text as it is shown. The root changes in place, and its version shows a change. */
interface Shown {
  readonly root: MarkdownRoot;
  readonly footnotes: Footnotes;
}

/**
 * A text that grows. Reading costs only the new part. The result depends on the text alone, not on how it
 * arrived.
 */
export interface MarkdownDocument {
  /**
   * Reads the new part, or everything when the text has another beginning. The last line of an open text may
   * be incomplete, and a link definition counts only when another block has begun.
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
    // A carriage return at the end may be the first half of a line break.
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
  // In V8 a substring keeps its whole string alive. Without this copy each line would hold all of the text at
  // that time.
  const own = ` ${text}`.slice(1);
  // CommonMark 0.31, section 2.3.
  return own.replaceAll('\0', '\ufffd');
}
