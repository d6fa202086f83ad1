/**
 * Returns the name for a thing of one kind in a turn. The first thing of a name keeps it, and later ones get
 * another.
 */
export type UniqueNames = (wanted: string) => string;

/**
 * Creates a function that names things. `used` are names that are taken already. A name that is taken gets
 * `~2`, `~3` … at its end.
 */
export function createUniqueNames(used: Iterable<string> = []): UniqueNames {
  const taken = new Set(used);
  return (wanted) => {
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}~${count}`;
    taken.add(name);
    return name;
  };
}
