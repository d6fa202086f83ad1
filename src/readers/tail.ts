import type { EntryId } from '../protocol/index.ts';

/** Some entries that stand one behind the other in a log, as the frames of a dialect. */
export interface Piece {
  /** The entry before them; undefined at the start of the log. */
  readonly after: EntryId | undefined;
  /** The last of them. */
  readonly last: EntryId | undefined;
  /** May be empty: a dialect need not say anything of an entry. */
  readonly text: string;
}

/** The newest pieces of a log, one behind the other. */
export interface Tail {
  /** The last entry of all pieces there were. */
  readonly last: EntryId | undefined;
  /** Adds the next piece. */
  add(piece: Piece): void;
  /** Forgets the oldest pieces until no more than `room` UTF-16 units are left. */
  trim(room: number): void;
  /** The text behind an entry that a piece ends with; undefined where that is not known any more, or never was. */
  since(id: EntryId | undefined): string | undefined;
}

/** What a piece takes beside its text: some have none. */
const overhead = 64;

/** Creates the tail of a log that is read from behind `start` on. */
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
