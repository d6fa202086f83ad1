/** Checks that a part of a reply is a list. Throws an Error otherwise, like all checks in this file. */
export function toList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unexpected('a list', value);
  return value;
}

/** Checks that a part of a reply is a text. A client may have turned it into a number. */
export function toReplyText(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw unexpected('a text', value);
  return String(value);
}

/** Checks that a part of a reply is a number. */
export function toNumber(value: unknown): number {
  const number = Number(toReplyText(value));
  if (Number.isNaN(number)) throw unexpected('a number', value);
  return number;
}

/** Applies a check if that part of the reply is there; returns undefined if it is missing. */
export function toOptionalReply<Value>(value: unknown, check: (value: unknown) => Value): Value | undefined {
  return value === null || value === undefined ? undefined : check(value);
}

/** Splits a flat list of texts into groups of `size`. */
export function toGroups(value: unknown, size: number): readonly (readonly string[])[] {
  const list = toList(value).map(toReplyText);
  return Array.from({ length: list.length / size }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

function unexpected(expected: string, value: unknown): Error {
  return new Error(`Redis answered ${typeof value} where ${expected} belongs.`);
}
