import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { toTerms } from './to-terms.ts';

/** A document of the project, in Markdown. */
export interface Doc {
  readonly title: string;
  readonly path: string;
  readonly text: string;
}

/** A part of a document that the search finds: a paragraph, an item of a list, a row of a table, or code. */
export interface Passage {
  readonly path: string;
  /** The heading above the passage, or the title of the document. */
  readonly title: string;
  readonly text: string;
  /** The first cell of a row if that is one word, otherwise empty. A row is about that word. */
  readonly name: string;
  /** All passages under the heading, so that a question may have its words in several of them. */
  readonly section: string;
  readonly isFirst: boolean;
  /**
   * The passage and what follows it under the heading, in Markdown: as many whole parts as fit into 500
   * characters, but at least the passage. A row comes alone, with the head of its table.
   */
  readonly excerpt: string;
}

/** A passage by its offsets in the document. */
interface Part extends Span {
  readonly name?: Span;
  /** The head of a row's table, and the end of the row, because the next row is about something else. */
  readonly head?: Span;
  readonly limit?: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const maxExcerpt = 500;

/** Comments, and comparisons with other packages, which answer no question about this one. */
const hidden = /<!-- (compare:\w+) -->.*?<!-- \/\1 -->|<!--.*?-->/gs;

/** Splits a document into its passages. */
export function toPassages({ title, path, text: source }: Doc): readonly Passage[] {
  const text = source.replaceAll(hidden, '');
  const cut = ({ start, end }: Span = { start: 0, end: 0 }): string => text.slice(start, end);
  const sections: { title: string; parts: Part[] }[] = [{ title, parts: [] }];
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  for (const node of tree.children) {
    if (node.type === 'heading')
      sections.push({ title: cut(spanOf(node)).replace(/^#+ +|[*`]/g, ''), parts: [] });
    else sections.at(-1)?.parts.push(...toParts(node));
  }
  return sections.flatMap(({ title: heading, parts }) => {
    const section = parts.map(cut).join('\n');
    return parts.map((part, at) => ({
      path,
      title: heading,
      text: cut(part),
      name: nameOf(cut(part.name)),
      section,
      isFirst: at === 0,
      excerpt: cut(part.head) + cut({ start: part.start, end: endOf(part, parts.slice(at + 1)) }),
    }));
  });
}

function toParts(node: Nodes): readonly Part[] {
  switch (node.type) {
    case 'list':
      return node.children.map(spanOf);
    case 'table': {
      const { start, end } = spanOf(node);
      const rows = node.children.slice(1);
      const head = { start, end: rows[0] === undefined ? end : spanOf(rows[0]).start };
      return rows.map((row) => ({
        ...spanOf(row),
        ...(row.children[0] && { name: spanOf(row.children[0]) }),
        head,
        limit: spanOf(row).end,
      }));
    }
    default:
      return [spanOf(node)];
  }
}

/** Returns what a row is about, if its first cell is one word. A cell begins with its bar. */
function nameOf(cell: string): string {
  return toTerms(cell).length === 1 ? cell.replace('|', '').trim() : '';
}

/** Returns the end of the last part that an excerpt has room for. */
function endOf({ start, end, limit = Infinity }: Part, following: readonly Part[]): number {
  const last = Math.min(start + maxExcerpt, limit);
  return following.findLast((part) => part.end <= last)?.end ?? end;
}

function spanOf({ position }: Nodes): Span {
  return { start: position?.start.offset ?? 0, end: position?.end.offset ?? 0 };
}
