import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import { isRule } from './leaf-marks.ts';
import { indentOf, isBlank, dropCharacters, withoutIndent } from './rest.ts';
import type { Rest } from './rest.ts';

/** The marker of a list item, and the rest of the line. */
export interface ItemMark {
  readonly marker: string;
  readonly start: number | undefined;
  readonly size: number;
  readonly isBare: boolean;
  readonly rest: Rest;
}

/** Returns the rest of the line after the marker of a quote. */
export function readQuoteMark(rest: Rest): Rest | undefined {
  const inside = readIndent(rest);
  return inside?.text.startsWith('>') ? withoutIndent(dropCharacters(inside, 1), 1) : undefined;
}

/**
 * Reads the marker of a list item. When it would interrupt a paragraph, only a bullet or the number 1 counts,
 * and only with text after it.
 */
export function readItemMark(rest: Rest, interrupts: boolean): ItemMark | undefined {
  const inside = readIndent(rest);
  if (inside === undefined || isRule(inside.text)) return undefined;
  const [mark, bullet, digits, delimiter] = /^(?:([-+*])|(\d{1,9})([.)]))(?=[ \t]|$)/.exec(inside.text) ?? [];
  const marker = bullet ?? delimiter;
  if (mark === undefined || marker === undefined) return undefined;
  const after = dropCharacters(inside, mark.length);
  const isBare = isBlank(after.text);
  if (interrupts && (isBare || (digits !== undefined && digits !== '1'))) return undefined;
  const space = indentOf(after);
  // More than four columns after the marker belong to indented code in the item.
  const taken = isBare ? 0 : space > 4 ? 1 : space;
  return {
    marker,
    start: digits === undefined ? undefined : Number(digits),
    size: inside.column - rest.column + mark.length + (isBare ? 1 : taken),
    isBare,
    rest: withoutIndent(after, taken),
  };
}

/** Reads the label of a footnote and the rest of the line. */
export function readNoteMark(rest: Rest): { readonly id: string; readonly rest: Rest } | undefined {
  const inside = readIndent(rest);
  const [mark, label] = /^\[\^((?:\\[[\]\\]|[^[\]\\\s]|\\(?![[\]\\]))+)\]:/.exec(inside?.text ?? '') ?? [];
  if (inside === undefined || mark === undefined || label === undefined || label.length > 999)
    return undefined;
  const after = dropCharacters(inside, mark.length);
  return { id: normalizeIdentifier(label), rest: withoutIndent(after, Infinity) };
}

/** Returns the rest of the line after a `<details>` tag. */
export function readFoldMark(rest: Rest): Rest | undefined {
  const inside = readIndent(rest);
  const tag = /^<details>(?=[ \t]*(?:<summary>.*)?$)/i.exec(inside?.text ?? '')?.[0];
  return inside && tag !== undefined
    ? withoutIndent(dropCharacters(inside, tag.length), Infinity)
    : undefined;
}

export function closesFold(rest: Rest): boolean {
  return /^ {0,3}<\/details>[ \t]*$/i.test(rest.text);
}

function readIndent(rest: Rest): Rest | undefined {
  const columns = indentOf(rest);
  return columns < 4 ? withoutIndent(rest, columns) : undefined;
}
