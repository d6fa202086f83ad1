import type { Asked, Known } from './known.ts';
import type { TextPiece } from './piece.ts';
import type { Definition } from './read.ts';

/**
 * A text as far as it has arrived, as containers and leaves of CommonMark (section 3). One scanner writes it,
 * in place: a node has another `version` as soon as anything in it is another.
 */
export type MarkdownBlock = Quote | List | Note | Fold | Leaf;
export type Container = MarkdownRoot | Quote | ListItem | Note | Fold;
export type Leaf = Text | Table | ThematicBreak | Code | Html;
export type MarkdownNode = MarkdownBlock | Container;

interface Common {
  readonly parent: MarkdownNode | undefined;
  version: number;
}

export interface MarkdownRoot extends Common {
  readonly type: 'root';
  readonly children: MarkdownBlock[];
}

export interface Quote extends Common {
  readonly type: 'quote';
  readonly children: MarkdownBlock[];
}

export interface List extends Common {
  readonly type: 'list';
  /** `-`, `+`, `*`, `.` or `)`: another one begins another list. */
  readonly marker: string;
  /** The number of the first item; undefined where items have none. */
  readonly start: number | undefined;
  readonly children: ListItem[];
  /** Whether a blank line stands between items, or between the blocks of one. */
  isLoose: boolean;
}

export interface ListItem extends Common {
  readonly type: 'item';
  readonly list: List;
  /** How many columns what belongs to it is indented. */
  readonly size: number;
  readonly children: MarkdownBlock[];
  /** Whether nothing stands beside its marker, and nothing came yet. */
  isBare: boolean;
  /** Whether the last line in it was blank. */
  isAfterBlank: boolean;
}

/** What a footnote says; shown at the end of the text. */
export interface Note extends Common {
  readonly type: 'note';
  readonly id: string;
  readonly children: MarkdownBlock[];
}

/** What may be folded away (`<details>`). */
export interface Fold extends Common {
  readonly type: 'fold';
  readonly children: MarkdownBlock[];
  /** Whether its first child is what stays to be seen. */
  hasSummary: boolean;
}

/** A paragraph or a heading. */
export interface Text extends Common {
  readonly type: 'text';
  /** Of a heading, from 1 to 6; 0 of a paragraph. */
  depth: number;
  /** Of a heading, how many it stands under, with itself: depths that are left out do not count. */
  rank: number;
  /** Whether it may begin with link definitions, as a heading that begins with number signs may not. */
  readonly mayDefine: boolean;
  /** Whether an item begins with it: then it may begin with the box of a task. */
  readonly isFirst: boolean;
  /** Whether the box is checked, where there is one. */
  task: boolean | undefined;
  pieces: readonly TextPiece[];
  /** How many pieces are cut off for good; one more is made of the source. */
  cut: number;
  source: string;
  /** The last line, where it may be the first one of a table. */
  header: string | undefined;
  /** What it begins with that is not shown. */
  definitions: readonly Definition[];
  /** The innermost footnote around it. */
  readonly note: Note | undefined;
  known: Known;
  asked: Asked | undefined;
}

export interface Table extends Common {
  readonly type: 'table';
  /** Its first two lines. */
  readonly head: string;
  /** Whole rows, each time after the head. */
  pieces: readonly TextPiece[];
  rows: number;
  readonly note: Note | undefined;
  known: Known;
  asked: Asked | undefined;
}

/** A thematic break. */
export interface ThematicBreak extends Common {
  readonly type: 'rule';
}

export interface Code extends Common {
  readonly type: 'code';
  /** What opened it; undefined where it is code by its indent. */
  readonly fence: { readonly mark: string; readonly indent: number } | undefined;
  /** Lines in groups, each of which is set on its own. */
  groups: readonly string[];
  /** Blank lines that belong to it if it goes on. */
  blanks: string;
}

export interface Html extends Common {
  readonly type: 'html';
  /** What ends it; undefined where a blank line does. */
  readonly end: RegExp | undefined;
  groups: readonly string[];
}
