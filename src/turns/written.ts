import type { Entry } from '../protocol/index.ts';

/** The entries that a node wrote itself, so that it need not read them again. */
export interface Written {
  add(entries: readonly Entry[]): void;
  /** Returns the entries since the last call; the first of them, if they are many. */
  readonly take: () => readonly Entry[];
}

/** How many entries are kept. A long turn must not fill the memory; the rest is read from the log. */
const most = 10_000;

export function createWritten(): Written {
  let kept: Entry[] = [];
  return {
    add: (entries) => {
      if (kept.length < most) kept.push(...entries);
    },
    take: () => {
      const taken = kept;
      kept = [];
      return taken;
    },
  };
}
