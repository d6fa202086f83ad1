import { createDocument } from './document.ts';
import type { Footnotes } from './footnotes.ts';
import type { List, ListItem, MarkdownBlock } from './nodes.ts';
import { tableOf } from './read-piece.ts';
import { paragraphWords, phrasingWords } from './phrasing-words.ts';

/**
 * Returns markdown as plain text, without its marks. Lists keep their bullets and numbers, tables become
 * cells with tabs between them, links have their URL behind them, and formulas stay as they were written.
 */
export function toPlainWords(markdown: string): string {
  const { root, footnotes } = createDocument().read(markdown, false);
  const notes = footnotes.notes.map(
    ({ id, children }) => `[${footnotes.numbers.get(id)}] ${blocks(children, footnotes)}`,
  );
  return [blocks(root.children, footnotes), ...notes].filter((text) => text !== '').join('\n\n');
}

function blocks(nodes: readonly MarkdownBlock[], notes: Footnotes, between = '\n\n'): string {
  return nodes
    .map((node) => block(node, notes))
    .filter((text) => text !== '')
    .join(between);
}

function block(node: MarkdownBlock, notes: Footnotes): string {
  switch (node.type) {
    case 'text':
      return paragraphWords(node, notes);
    case 'list':
      return node.children
        .map((item, index) => itemWords(item, bulletOf(node, index), notes))
        .join(node.isLoose ? '\n\n' : '\n');
    case 'quote':
    case 'fold':
      return blocks(node.children, notes);
    case 'table': {
      const rows = node.pieces.flatMap((piece, index) =>
        piece.isPlain
          ? [piece.text]
          : // Each piece begins with the head of the table.
            (tableOf(piece, node.known)?.children ?? [])
              .slice(index === 0 ? 0 : 1)
              .map((row) =>
                row.children.map((cell) => phrasingWords(cell.children, node.known, notes)).join('\t'),
              ),
      );
      return rows.join('\n');
    }
    case 'code':
    case 'html':
      return node.groups.join('').replace(/\n$/, '');
    case 'rule':
      return '---';
    case 'note':
      return '';
  }
}

function bulletOf({ start, marker }: List, index: number): string {
  return start === undefined ? '- ' : `${start + index}${marker} `;
}

function itemWords({ children, list }: ListItem, bullet: string, notes: Footnotes): string {
  const words = blocks(children, notes, list.isLoose ? '\n\n' : '\n');
  return bullet + words.replaceAll(/\n(?!\n|$)/g, `\n${' '.repeat(bullet.length)}`);
}
