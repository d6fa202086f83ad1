/**
 * Returns a value as the text of its JSON; undefined if it has none, because it contains itself or a big
 * integer.
 */
export function jsonTextOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
