/** Returns a value as text: a text as it is, and any other value as JSON. */
export function toValueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
