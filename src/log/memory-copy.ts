/**
 * Copies a JSON value as the stores with a disk do (what JSON leaves out is left out) and freezes the copy:
 * neither who appended nor who reads can change the log afterwards.
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
