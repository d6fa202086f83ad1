/** Checks a number that comes from the database. */
export function toInteger(value: unknown): number {
  if (typeof value !== 'number') throw damaged('a number', value);
  return value;
}

/** Checks a text that comes from the database. */
export function toColumnText(value: unknown): string {
  if (typeof value !== 'string') throw damaged('a text', value);
  return value;
}

/** Checks a value that may be NULL in the database. */
export function toOptionalColumn<Value>(value: unknown, check: (value: unknown) => Value): Value | undefined {
  return value === null || value === undefined ? undefined : check(value);
}

function damaged(expected: string, value: unknown): Error {
  return new Error(`The database is damaged: it holds ${typeof value} where ${expected} belongs.`);
}
