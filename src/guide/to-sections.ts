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

/** The text under one heading of a document. */
export interface Section {
  readonly path: string;
  /** The heading, or the title of the document for what comes before the first one. */
  readonly title: string;
  /** The title of the document, its file name and the headings above this one. */
  readonly under: string;
  readonly passages: readonly Passage[];
}

/** A part of a section that the search finds: a paragraph, an item of a list, a row of a table, or code. */
export interface Passage {
  readonly text: string;
  /** The first cell of a row if that is one word, otherwise empty. A row is about that word. */
  readonly name: string;
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

/** Splits a document into its sections. Those without a text are left out. */
export function toSections({ title, path, text: source }: Doc): readonly Section[] {
  const text = source.replaceAll(hidden, '');
  const cut = ({ start, end }: Span = { start: 0, end: 0 }): string => text.slice(start, end);
  const sections: { title: string; depth: number; parts: Part[] }[] = [{ title, depth: 1, parts: [] }];
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  for (const node of tree.children) {
    if (node.type === 'heading')
      sections.push({
        title: cut(spanOf(node)).replace(/^#+ +|[*`]/g, ''),
        depth: node.depth,
        parts: [],
      });
    else sections.at(-1)?.parts.push(...toParts(node));
  }
  const file = path.replace(/^.*\//, '').replace(/\.md$/, '');
  return sections.flatMap(({ title: heading, depth, parts }, index) => {
    if (parts.length === 0) return [];
    const above = sections.slice(0, index).findLast((other) => other.depth < depth);
    const passages = parts.map((part, at) => ({
      text: cut(part),
      name: nameOf(cut(part.name)),
      excerpt: cut(part.head) + cut({ start: part.start, end: endOf(part, parts.slice(at + 1)) }),
    }));
    return [{ path, title: heading, under: `${title} ${file} ${above?.title ?? ''}`, passages }];
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
