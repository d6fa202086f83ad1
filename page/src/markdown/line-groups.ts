// A browser lays out only the group that grows.
const maxLength = 4096;

/** Adds a line to the last group, or starts a new group when that is full. */
export function withLine(groups: readonly string[], line: string): readonly string[] {
  const last = groups.at(-1);
  return last !== undefined && last.length < maxLength
    ? [...groups.slice(0, -1), `${last}${line}\n`]
    : [...groups, `${line}\n`];
}
