/** Returns a value as text: a text as it is, and any other value as JSON. */
export function toCallText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** Returns the input of a call as JSON: its pieces, or its value if there were none. */
export function toArguments(pieces: string, input: unknown): string {
  return pieces === '' && input !== undefined ? JSON.stringify(input) : pieces;
}
