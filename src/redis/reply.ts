/** Checks a list in a reply. */
export function toList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unexpected('a list', value);
  return value;
}

/** Checks a text in a reply; a client may have made a number of it. */
export function toReplyText(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw unexpected('a text', value);
  return String(value);
}

/** Checks a number in a reply. */
export function toNumber(value: unknown): number {
  const number = Number(toReplyText(value));
  if (Number.isNaN(number)) throw unexpected('a number', value);
  return number;
}

/** Checks what may be missing in a reply. */
export function toOptionalReply<Value>(value: unknown, check: (value: unknown) => Value): Value | undefined {
  return value === null || value === undefined ? undefined : check(value);
}

/** Splits a list of members that come several at a time. */
export function toGroups(value: unknown, size: number): readonly (readonly string[])[] {
  const list = toList(value).map(toReplyText);
  return Array.from({ length: list.length / size }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

function unexpected(expected: string, value: unknown): Error {
  return new Error(`Redis answered ${typeof value} where ${expected} belongs.`);
}
