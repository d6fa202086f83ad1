import type { DefinitionInputs, TextDefinitions } from './known.ts';
import type { TextPiece } from './piece.ts';
import type { Definition } from './read.ts';

/**
 * The text that has arrived so far, as the containers and leaves of CommonMark (section 3). One scanner
 * changes it in place. A node gets a new `version` when anything inside it changes.
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
  /** `-`, `+`, `*`, `.` or `)`. Another marker begins another list. */
  readonly marker: string;
  /** The number of the first item; undefined for a bullet list. */
  readonly start: number | undefined;
  readonly children: ListItem[];
  /** Whether there is a blank line between items, or between the blocks of an item. */
  isLoose: boolean;
}

export interface ListItem extends Common {
  readonly type: 'item';
  readonly list: List;
  /** The indent of the item's content, in columns. */
  readonly size: number;
  readonly children: MarkdownBlock[];
  /** Whether nothing follows the marker and no content has come yet. */
  isBare: boolean;
  /** Whether the last line in it was blank. */
  isAfterBlank: boolean;
}

/** The content of a footnote, shown at the end of the text. */
export interface Note extends Common {
  readonly type: 'note';
  readonly id: string;
  readonly children: MarkdownBlock[];
}

/** A block that can be folded (`<details>`). */
export interface Fold extends Common {
  readonly type: 'fold';
  readonly children: MarkdownBlock[];
  /** Whether its first child is the summary. */
  hasSummary: boolean;
}

/** A paragraph or a heading. */
export interface Text extends Common {
  readonly type: 'text';
  /** The depth of a heading, from 1 to 6; 0 for a paragraph. */
  depth: number;
  /**
   * For a heading, the number of headings above it in the outline, including itself. Skipped depths do not
   * count.
   */
  rank: number;
  /** Whether it may begin with link definitions. A heading with number signs may not. */
  readonly mayDefine: boolean;
  /** Whether it is the first block of an item, so that it may begin with a task box. */
  readonly isFirst: boolean;
  /** Whether the task box is checked; undefined without a box. */
  task: boolean | undefined;
  pieces: readonly TextPiece[];
  /** How many pieces are final. One more is made from the source. */
  cut: number;
  source: string;
  /** The last line, when it may be the first line of a table. */
  header: string | undefined;
  /** The definitions that it begins with, which are not shown. */
  definitions: readonly Definition[];
  /** The innermost footnote around it. */
  readonly note: Note | undefined;
  known: TextDefinitions;
  asked: DefinitionInputs | undefined;
}

export interface Table extends Common {
  readonly type: 'table';
  /** Its first two lines. */
  readonly head: string;
  /** Pieces of whole rows, each after the head. */
  pieces: readonly TextPiece[];
  rows: number;
  readonly note: Note | undefined;
  known: TextDefinitions;
  asked: DefinitionInputs | undefined;
}

/** A thematic break. */
export interface ThematicBreak extends Common {
  readonly type: 'rule';
}

export interface Code extends Common {
  readonly type: 'code';
  /** The opening fence; undefined for code by its indent. */
  readonly fence: { readonly mark: string; readonly indent: number } | undefined;
  /** Whether the closing fence has come. */
  isClosed: boolean;
  /** The first word after the opening fence. */
  readonly language: string | undefined;
  /** Lines in groups, each with its own layout. */
  groups: readonly string[];
  /** Blank lines that belong to the code if it continues. */
  blanks: string;
}

export interface Html extends Common {
  readonly type: 'html';
  /** The pattern that ends it; undefined when a blank line does. */
  readonly end: RegExp | undefined;
  groups: readonly string[];
}
