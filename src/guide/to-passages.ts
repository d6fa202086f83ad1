import type { Section } from './split-sections.ts';
import { joinBlocks, toBlocks } from './to-blocks.ts';
import type { Block } from './to-blocks.ts';
import { toTerms } from './to-terms.ts';

/** A block where it stands, as it is searched. */
export interface Passage {
  readonly id: number;
  readonly section: Section;
  readonly block: Block;
  /** The block and those after it in its section. */
  readonly rest: readonly Block[];
  readonly isFirst: boolean;
  readonly title: string;
  readonly path: string;
  readonly text: string;
  /** What a row is about: its first cell, where that is one word. */
  readonly name: string;
  /** The prose of the section, so that words that stand apart are found together. */
  readonly around: string;
  /** The terms of the passage itself and of its title. */
  readonly words: readonly string[];
}

/** Each block of a section, with what it needs to be found. */
export function toPassages(section: Section): readonly Omit<Passage, 'id'>[] {
  const blocks = toBlocks(section.text);
  const around = joinBlocks(blocks.filter(({ kind }) => kind !== 'code'));
  return blocks.map((block, at) => ({
    section,
    block,
    rest: blocks.slice(at),
    isFirst: at === 0,
    title: section.title,
    path: section.path,
    text: block.text,
    name: toName(block),
    around,
    words: toTerms(`${section.path} ${section.title} ${block.text}`),
  }));
}

function toName({ kind, text }: Block): string {
  const cell = kind === 'row' ? (text.split('|')[1] ?? '') : '';
  return toTerms(cell).length === 1 ? cell : '';
}
