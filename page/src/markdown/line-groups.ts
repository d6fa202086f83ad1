// A browser sets a group anew when it grows, and the others not.
const maxLength = 4096;

/** Adds a line to the last of the groups, or begins one. */
export function withLine(groups: readonly string[], line: string): readonly string[] {
  const last = groups.at(-1);
  return last !== undefined && last.length < maxLength
    ? [...groups.slice(0, -1), `${last}${line}\n`]
    : [...groups, `${line}\n`];
}
