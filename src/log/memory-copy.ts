/**
 * Copies a JSON value and freezes the copy. Like a store on disk, it drops what JSON drops. So neither
 * writers nor readers can change the log later.
 */
export function toFrozenCopy<Value>(value: Value): Value {
  const copy: Value = JSON.parse(JSON.stringify(value));
  return freeze(copy);
}

/** Freezes a JSON value with all its members, and returns it. */
export function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const name in value) freeze(value[name]);
  return Object.freeze(value);
}
