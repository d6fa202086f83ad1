import { toText } from '../protocol/index.ts';
import type { Content } from '../protocol/index.ts';

/** Returns the title that a content gives a session: the first line of its text, at most 80 characters. */
export function toTitle(content: Content): string {
  const line =
    toText(content)
      .trim()
      .split(/[\r\n]/u, 1)[0] ?? '';
  const characters = [...line];
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : line;
}
