import { toSeq } from '../protocol/index.ts';
import type { EntryId, WireId } from '../protocol/index.ts';

/** How a client names the frames that it has. If it gives both, it has what either of them names. */
export interface ClientPlace {
  /** The last frame that the client has. */
  readonly after?: WireId | undefined;
  /** How many frames the client has, counted from the first one of its exchange. */
  readonly skip?: number | undefined;
}

/** The frames that a client has, for a stream that is projected again from its start. */
export interface ClientFrames {
  /**
   * Returns how many of an entry's `frames` the client has. They are the first ones. Call it once for each
   * entry, in the order of the log.
   */
  take(id: EntryId, frames: number): number;
  /** Returns whether the client may have frames of entries after `place`, the last one that was taken. */
  reachBeyond(place: EntryId | undefined): boolean;
  /** Returns whether the client's own id says that it has all frames of an entry. */
  include(id: EntryId): boolean;
}

/** Creates the frames of a client; undefined if the client has none. */
export function createClientFrames({ after, skip = 0 }: ClientPlace): ClientFrames | undefined {
  if (after === undefined && skip === 0) return undefined;
  let left = skip;
  const countNamed = (id: EntryId): number => {
    const seq = toSeq(id);
    if (after === undefined || seq > after.seq) return 0;
    return seq < after.seq || after.frame === undefined ? Infinity : after.frame + 1;
  };
  return {
    take(id, frames) {
      const counted = Math.min(left, frames);
      left -= counted;
      return Math.min(Math.max(counted, countNamed(id)), frames);
    },
    reachBeyond: (place) =>
      left > 0 || (after !== undefined && (place === undefined || toSeq(place) < after.seq)),
    include: (id) => countNamed(id) === Infinity,
  };
}
