/** Checks that a value from the database is a number. Throws an Error otherwise, like all checks here. */
export function toInteger(value: unknown): number {
  if (typeof value !== 'number') throw damaged('a number', value);
  return value;
}

/** Checks that a value from the database is a text. */
export function toColumnText(value: unknown): string {
  if (typeof value !== 'string') throw damaged('a text', value);
  return value;
}

/** Applies a check to a value from the database, unless it is NULL. */
export function toOptionalColumn<Value>(value: unknown, check: (value: unknown) => Value): Value | undefined {
  return value === null || value === undefined ? undefined : check(value);
}

function damaged(expected: string, value: unknown): Error {
  return new Error(`The database is damaged: it holds ${typeof value} where ${expected} belongs.`);
}
