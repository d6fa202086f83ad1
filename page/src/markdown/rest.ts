/** The rest of a line, and the column where it begins. A tab reaches to the next multiple of four. */
export interface Rest {
  readonly text: string;
  readonly column: number;
}

/** Returns the white space at the start of a line, in columns. */
export function indentOf({ text, column }: Rest): number {
  let at = column;
  for (const char of text) {
    if (char === ' ') at += 1;
    else if (char === '\t') at += tabAt(at);
    else break;
  }
  return at - column;
}

/** Removes up to so many columns of white space. A tab that is removed in part leaves spaces. */
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

/** Removes characters that are not white space. */
export function dropCharacters({ text, column }: Rest, characters: number): Rest {
  return { text: text.slice(characters), column: column + characters };
}

export function isBlank(text: string): boolean {
  return /^[ \t]*$/.test(text);
}

function tabAt(column: number): number {
  return 4 - (column % 4);
}
