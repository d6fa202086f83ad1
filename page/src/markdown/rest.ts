/**
 * What is left of a line, and the column it begins at: a tab reaches to the next column that four divides.
 */
export interface Rest {
  readonly text: string;
  readonly column: number;
}

/** How many columns of white space a line begins with. */
export function indentOf({ text, column }: Rest): number {
  let at = column;
  for (const char of text) {
    if (char === ' ') at += 1;
    else if (char === '\t') at += tabAt(at);
    else break;
  }
  return at - column;
}

/** Takes up to so many columns of white space away; of a tab that is taken in part, spaces are left. */
export function withoutIndent({ text, column }: Rest, columns: number): Rest {
  const end = column + columns;
  let at = column;
  let taken = 0;
  while (at < end) {
    if (text[taken] === ' ') at += 1;
    else if (text[taken] === '\t') at += tabAt(at);
    else break;
    taken += 1;
  }
  const over = Math.max(at - end, 0);
  return { text: ' '.repeat(over) + text.slice(taken), column: at - over };
}

/** Takes characters away that are no white space. */
export function dropCharacters({ text, column }: Rest, characters: number): Rest {
  return { text: text.slice(characters), column: column + characters };
}

export function isBlank(text: string): boolean {
  return /^[ \t]*$/.test(text);
}

function tabAt(column: number): number {
  return 4 - (column % 4);
}
