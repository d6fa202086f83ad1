/**
 * Copies a JSON value and freezes the copy. Like a store on disk, it drops what JSON drops. So neither
 * writers nor readers can change the log later.
 */
export function toFrozenCopy<Value>(value: Value): Value {
  const copy: Value = JSON.parse(JSON.stringify(value));
  freeze(copy);
  return copy;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) freeze(member);
  Object.freeze(value);
}
