import type { Entry, EntryId } from '../protocol/index.ts';

/** The entries that a node wrote itself, so that it need not read them again. */
export interface Written {
  add(entries: readonly Entry[]): void;
  /**
   * Returns the entries since the last call; the first of them, if they are many. Returns none if `after` is
   * not the last entry that this node had written before. Another node's entry may have been lost by the store,
   * and then others stand in its place: only the log knows.
   */
  readonly take: (after: EntryId | undefined) => readonly Entry[];
}

/** How many entries are kept. A long turn must not fill the memory; the rest is read from the log. */
const most = 10_000;

export function createWritten(): Written {
  let kept: Entry[] = [];
  /** The last entry that was written, and that one at the last call of `take`. */
  let last: EntryId | undefined;
  let before: EntryId | undefined;
  return {
    add: (entries) => {
      if (kept.length < most) kept.push(...entries);
      last = entries.at(-1)?.id ?? last;
    },
    take: (after) => {
      const taken = after !== undefined && after === before ? kept : [];
      kept = [];
      before = last;
      return taken;
    },
  };
}
