/** Names in the order of a number, then of the name. A search costs the logarithm of their number. */
export interface SortedNames {
  add(at: number, name: string): void;
  delete(at: number, name: string): void;
  /** Yields the names from the lowest place on. */
  up(): Iterable<SortedName>;
  /** Yields the names from the highest place down, or from below a place. */
  down(below?: SortedName): Iterable<SortedName>;
}

interface SortedName {
  readonly at: number;
  readonly name: string;
}

/** Creates an empty list of sorted names. */
export function createSortedNames(): SortedNames {
  const sorted: SortedName[] = [];

  /** Returns how many names are below a place. */
  const countBelow = (place: SortedName): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = sorted[middle];
      if (other !== undefined && isBelow(other, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add: (at, name) => void sorted.splice(countBelow({ at, name }), 0, { at, name }),
    delete(at, name) {
      const index = countBelow({ at, name });
      const found = sorted[index];
      if (found?.at === at && found.name === name) sorted.splice(index, 1);
    },
    up: () => sorted,
    *down(below) {
      for (let index = below === undefined ? sorted.length : countBelow(below); index > 0; index -= 1) {
        const found = sorted[index - 1];
        if (found !== undefined) yield found;
      }
    },
  };
}

function isBelow(one: SortedName, other: SortedName): boolean {
  return one.at < other.at || (one.at === other.at && one.name < other.name);
}
