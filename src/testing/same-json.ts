/** Returns whether two values are the same JSON, with members in any order. */
export function sameJson(one: unknown, other: unknown): boolean {
  return toCanonical(one) === toCanonical(other);
}

/** Returns JSON text with the members of objects sorted. */
export function toCanonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : member,
    ) ?? ''
  );
}
