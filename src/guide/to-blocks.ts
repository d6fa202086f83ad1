/** A piece of a section that is quoted whole: a paragraph, an item of a list, a row of a table, or code. */
export interface Block {
  readonly kind: 'prose' | 'item' | 'row' | 'code';
  readonly text: string;
  /** The lines at the top of a row's table. */
  readonly head?: string;
}

/** Takes Markdown apart; code stays whole, and a row keeps the head of its table. */
export function toBlocks(text: string): readonly Block[] {
  const parts = text.match(/^(```|~~~)[\s\S]*?^\1[^\n]*$|(?:^(?!```|~~~).*\S.*$\n?)+/gm) ?? [];
  return parts
    .map((part) => part.trimEnd())
    .filter((part) => !/^<!--.*-->$/.test(part))
    .flatMap((part): readonly Block[] => {
      if (/^(?:```|~~~)/.test(part)) return [{ kind: 'code', text: part }];
      if (/^\|.*\n\|[\s:|-]+(?:\n|$)/.test(part)) return toRows(part);
      return part
        .split(/\n(?=[-*] |\d+\. )/)
        .map((each) => ({ kind: isItem(each) ? 'item' : 'prose', text: each }));
    });
}

/** Blocks as Markdown again; the head of a table comes before the first of its rows. */
export function joinBlocks(blocks: readonly Block[]): string {
  return blocks.reduce((joined, { kind, text, head }, index) => {
    const before = blocks[index - 1];
    const isSame = kind === 'item' ? before !== undefined : kind === 'row' && head === before?.head;
    const gap = before === undefined ? '' : isSame ? '\n' : '\n\n';
    return `${joined}${gap}${head === undefined || isSame ? '' : `${head}\n`}${text}`;
  }, '');
}

function toRows(table: string): readonly Block[] {
  // Padding is for readers of the source.
  const lines = table.split('\n').map((line) => line.replace(/ {2,}/g, ' ').replace(/-{4,}/g, '---'));
  const head = lines.slice(0, 2).join('\n');
  return lines.slice(2).map((text) => ({ kind: 'row', text, head }));
}

function isItem(text: string): boolean {
  return /^(?:[-*] |\d+\. )/.test(text);
}
