import type { Head } from '../log/index.ts';
import type { EntryId, MessageState, SessionState } from '../protocol/index.ts';

/** A session's log, folded to its end. The state may begin in the middle of the conversation. */
export interface Transcript {
  readonly state: SessionState;
  readonly head: Head;
  /** The seq up to which the log was trimmed, as far as this node knows. */
  readonly trimmed: number;
  /** The checkpoint that the state was built on. Undefined if none is kept. */
  readonly base: Base | undefined;
}

/** A state on its way to the end of the log. The head is read with the last entries. */
export type PartialTranscript = Omit<Transcript, 'head'>;

/** A kept checkpoint, and the part of it that a transcript holds. */
export interface Base {
  readonly tag: string;
  /** The last entry that was folded into it. Undefined if it is of no use, and must be replaced. */
  readonly last: EntryId | undefined;
  /** The number of its pages, and of the first page that was loaded. */
  readonly count: number;
  readonly first: number;
  /** The characters of all its pages. */
  readonly size: number;
  /** The loaded pages. Their messages come first in the state that was loaded. */
  readonly pages: readonly LoadedPage[];
}

export interface LoadedPage {
  readonly messages: readonly MessageState[];
  /** The characters of its JSON text. */
  readonly size: number;
}
