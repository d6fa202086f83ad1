/** Names things of one kind in a turn: what came before keeps its name, and what is named the same gets another one. */
export type UniqueNames = (wanted: string) => string;

/** Starts to name. `used` are names that are taken already. A name that is taken gets `~2`, `~3` … behind it. */
export function createUniqueNames(used: Iterable<string> = []): UniqueNames {
  const taken = new Set(used);
  return (wanted) => {
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}~${count}`;
    taken.add(name);
    return name;
  };
}
