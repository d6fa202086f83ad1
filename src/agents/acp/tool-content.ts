import { fieldsOf, listOf, textOf } from '../kit/index.ts';

/**
 * Returns the content of a tool call: the texts, joined by line ends, if there is nothing else; or a list of
 * blocks and diffs; undefined if it is empty. Terminals are left out, because only an editor has them.
 */
export function toCallContent(content: unknown): unknown {
  const parts = listOf(content)
    .map(fieldsOf)
    .flatMap((part) => {
      if (part['type'] === 'content') return [fieldsOf(part['content'])];
      return part['type'] === 'diff' ? [part] : [];
    });
  if (parts.length === 0) return undefined;
  return parts.every(({ type }) => type === 'text')
    ? parts.map(({ text }) => textOf(text)).join('\n')
    : parts;
}
