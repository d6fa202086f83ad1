import type { EntryId } from '../protocol/index.ts';

/** Consecutive entries of a log, encoded as the frames of a dialect. */
export interface Piece {
  /** The entry before the first one; undefined at the start of the log. */
  readonly after: EntryId | undefined;
  /** The last entry. */
  readonly last: EntryId | undefined;
  /** The frames. The text may be empty: a dialect need not have a frame for each entry. */
  readonly text: string;
}

/** The newest pieces of a log, in order. */
export interface Tail {
  /** The last entry that was ever added. */
  readonly last: EntryId | undefined;
  /** Adds the next piece. */
  add(piece: Piece): void;
  /** Drops the oldest pieces until at most `room` UTF-16 units are left. */
  trim(room: number): void;
  /**
   * Returns the text after an entry. Returns undefined unless a kept piece begins right after that entry, or
   * it is the last entry.
   */
  since(id: EntryId | undefined): string | undefined;
}

/** Units that a piece counts in addition to its text. Some pieces have no text. */
const overhead = 64;

/** Creates the tail of a log that is read from after `start` on. */
export function createTail(start: EntryId | undefined): Tail {
  let last = start;
  let pieces: Piece[] = [];
  let size = 0;
  return {
    get last() {
      return last;
    },

    add(piece) {
      ({ last } = piece);
      pieces.push(piece);
      size += piece.text.length + overhead;
    },

    trim(room) {
      let dropped = 0;
      for (; size > room; dropped += 1) size -= (pieces[dropped]?.text.length ?? 0) + overhead;
      if (dropped > 0) pieces = pieces.slice(dropped);
    },

    since(id) {
      if (id === last) return '';
      const first = pieces.findIndex(({ after }) => after === id);
      if (first < 0) return undefined;
      return pieces.slice(first).reduce((text, piece) => text + piece.text, '');
    },
  };
}
