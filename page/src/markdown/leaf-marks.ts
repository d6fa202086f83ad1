import { htmlBlockNames, htmlRawNames } from 'micromark-util-html-tag-name';

/** Returns whether a line, without its indent, is a thematic break. */
export function isRule(text: string): boolean {
  return /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/.test(text);
}

/** Reads the depth and the text of a heading that begins with number signs. */
export function readHeading(text: string): { readonly depth: number; readonly text: string } | undefined {
  const mark = /^#{1,6}(?=[ \t]|$)/.exec(text)?.[0];
  if (mark === undefined) return undefined;
  return { depth: mark.length, text: withoutClosing(text.slice(mark.length).trim()) };
}

/** Returns the depth of the heading that a line makes of the paragraph before it. */
export function readUnderline(text: string): 1 | 2 | undefined {
  if (/^=+[ \t]*$/.test(text)) return 1;
  return /^-+[ \t]*$/.test(text) ? 2 : undefined;
}

/** Returns the mark that opens a block of code or a formula. */
export function readFence(text: string): string | undefined {
  return (/^`{3,}(?=[^`]*$)|^~{3,}|^(?:\$\$|\\\[)(?=[ \t]*$)/.exec(text) ?? openFormula.exec(text))?.[0];
}

// A formula may begin behind its mark: `$$\begin{aligned}`. One that ends on the same line is part of a text.
const openFormula =
  /^(?:\$\$(?!.*\$\$)(?=.*(?:\\[A-Za-z]|[=^_]))|\\\[(?!.*\\\])(?=\\[A-Za-z]|[ \t].*(?:\\[A-Za-z]|[=^_])))/;

/**
 * Returns the name of the language that an opening fence gives: `ts`, `c++`, also of `{.ts}` and `ts:a.ts`.
 */
export function readLanguage(text: string): string | undefined {
  return /^(?:`+|~+)[ \t]*(?:\{?\.)?([\p{L}\d][\p{L}\d+#_.-]{0,30})(?![\p{L}\d+#_.-])/u.exec(text)?.[1];
}

export function isFormula(mark: string): boolean {
  return mark === '$$' || mark === '\\[';
}

export function closesFence(text: string, mark: string): boolean {
  if (isFormula(mark)) return text.trimEnd().endsWith(mark === '$$' ? mark : '\\]');
  const closing = /^(?:`+|~+)(?=[ \t]*$)/.exec(text)?.[0];
  return closing?.startsWith(mark) ?? false;
}

/**
 * Returns the end of the HTML that a line begins: a pattern, or undefined for a blank line. A line with only
 * a whole tag of another name counts outside a paragraph only.
 */
export function readHtml(
  text: string,
  interrupts: boolean,
): { readonly end: RegExp | undefined } | undefined {
  if (!text.startsWith('<')) return undefined;
  for (const [start, end] of spans) if (start.test(text)) return { end };
  const [, name = ''] = /^<\/?([a-z][a-z\d-]*)(?=[ \t]|\/?>|$)/i.exec(text) ?? [];
  if (htmlBlockNames.includes(name.toLowerCase())) return { end: undefined };
  return !interrupts && wholeTag.test(text) ? { end: undefined } : undefined;
}

/** Returns the number of cells in the second line of a table. */
export function readDelimiters(text: string): number | undefined {
  if (!/^[-:|][-:| \t]*$/.test(text) || !/[:|]/.test(text)) return undefined;
  const cells = text
    .replace(/^\|/, '')
    .replace(/\|[ \t]*$/, '')
    .split('|');
  return cells.every((cell) => /^[ \t]*:?-+:?[ \t]*$/.test(cell)) ? cells.length : undefined;
}

/** Returns the number of cells in the first line of a table. */
export function countCells(text: string): number {
  let count = 0;
  let isOpen = !text.startsWith('|');
  for (const [cell] of text.matchAll(/\\[\\|]|[^ \t]/g)) {
    if (isOpen) count += 1;
    isOpen = cell === '|';
  }
  return text === '|' ? 0 : count;
}

/** Removes number signs at the end of a heading when white space precedes them. */
function withoutClosing(text: string): string {
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  return end === 0 || /[ \t]/.test(text[end - 1] ?? '') ? text.slice(0, end).trimEnd() : text;
}

/** HTML that runs from a start pattern to an end pattern, across blank lines too. */
const spans: readonly (readonly [RegExp, RegExp])[] = [
  [
    new RegExp(`^<(?:${htmlRawNames.join('|')})(?=[ \\t>]|$)`, 'i'),
    new RegExp(`</(?:${htmlRawNames.join('|')})>`, 'i'),
  ],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![a-z]/i, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
];

const wholeTag =
  /^<(?:[a-z][a-z\d-]*(?:[ \t]+[a-z:_][\w:.-]*(?:[ \t]*=[ \t]*(?:[^"'=<>`\s]+|'[^']*'|"[^"]*"))?)*[ \t]*\/?|\/[a-z][a-z\d-]*[ \t]*)>[ \t]*$/i;
