import type { NamePair } from './approval-names.ts';

/** The longest name that the engine accepts, in UTF-16 units. */
export const longestName = 200;

/**
 * Creates a function that gives every call of a turn its own name, of at most 200 characters. Some providers
 * count from `call_0` again in each answer, or give no ids at all. Calls that an earlier turn already
 * reported (pairs of the vendor's id and Heddle's name) keep their names.
 */
export function createCallNames(earlier: readonly NamePair[] = []): (vendorId: string) => string {
  const kept = [...earlier];
  const unusedName = createUnusedNames(kept.map(([, name]) => name));
  return (vendorId) => {
    // Several calls may have one id. They come again in their order.
    const index = kept.findIndex(([id]) => id === vendorId);
    const [pair] = index === -1 ? [] : kept.splice(index, 1);
    return pair?.[1] ?? unusedName(vendorId);
  };
}

/** Creates a function that returns its argument, cut to 200 characters, and changed if it came before. */
export function createUnusedNames(taken: Iterable<string> = []): (wanted: string) => string {
  const used = new Set(taken);
  /** The number that a name got last. A conversation may have the same name in each of its turns. */
  const lastNumbers = new Map<string, number>();
  return (wanted) => {
    const base = wanted === '' ? 'call' : wanted.slice(0, longestName);
    let name = base;
    let number = lastNumbers.get(base) ?? 1;
    while (used.has(name)) {
      number += 1;
      name = `${base.slice(0, longestName - `-${number}`.length)}-${number}`;
    }
    lastNumbers.set(base, number);
    used.add(name);
    return name;
  };
}
