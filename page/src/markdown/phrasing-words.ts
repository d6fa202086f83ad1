import type { PhrasingContent } from 'mdast';
import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import type { Footnotes } from './footnotes.ts';
import { targetOf } from './known.ts';
import type { TextDefinitions } from './known.ts';
import type { Text } from './nodes.ts';
import { phrasingOf } from './read-piece.ts';
import { safeUrl } from './safe-url.ts';

/** Returns a paragraph or a heading as plain text. */
export function paragraphWords({ pieces, known, task }: Text, notes: Footnotes): string {
  const box = task === undefined ? '' : task ? '[x] ' : '[ ] ';
  const words = pieces.map((piece, index) => {
    const before = pieces[index - 1]?.text ?? '';
    const space = before !== '' && (/^\s/.test(piece.text) || /\s$/.test(before)) ? ' ' : '';
    return space + phrasingWords(phrasingOf(piece, known), known, notes).trim();
  });
  return box + words.join('');
}

/** Returns the content of a block as plain text. */
export function phrasingWords(
  nodes: readonly PhrasingContent[],
  known: TextDefinitions,
  notes: Footnotes,
): string {
  return nodes.map((node) => wordsOf(node, known, notes)).join('');
}

function wordsOf(node: PhrasingContent, known: TextDefinitions, notes: Footnotes): string {
  const children = 'children' in node ? phrasingWords(node.children, known, notes) : '';
  switch (node.type) {
    case 'link':
      return withUrl(children, node.url);
    case 'linkReference':
      return withUrl(children, targetOf(node, known));
    case 'image':
      return withUrl(node.alt ?? '', node.url);
    case 'imageReference':
      return withUrl(node.alt ?? '', targetOf(node, known));
    case 'break':
      return '\n';
    case 'footnoteReference':
      return `[${notes.numbers.get(normalizeIdentifier(node.identifier)) ?? node.identifier}]`;
    case 'html':
      // The tags that the page renders are marks. Other HTML is text.
      return node.value.replace(/^<br ?\/?>$/i, '\n').replace(/^<\/?(?:sub|sup|kbd|mark|u)>$/i, '');
    case 'text':
    case 'inlineCode':
      return node.value;
    default:
      return children;
  }
}

/** Returns words with their URL behind them, when that is one to follow and the words do not have it. */
function withUrl(words: string, url: string): string {
  const shown = safeUrl(url).replace(/^mailto:/i, '');
  return shown === '' ||
    (shown.replace(/^https?:\/\//i, '').startsWith(words.replace(/^https?:\/\//i, '')) && words !== '')
    ? words
    : `${words} (${shown})`.trimStart();
}
