/** Whether two values are the same JSON, whatever the order of members. */
export function sameJson(one: unknown, other: unknown): boolean {
  return toCanonical(one) === toCanonical(other);
}

/** JSON text with the members of objects in one order. */
export function toCanonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : member,
    ) ?? ''
  );
}
