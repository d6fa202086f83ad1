/** Returns the input of a call as JSON: its pieces, or its value if there were none. */
export function toArguments(pieces: string, input: unknown): string {
  return pieces === '' && input !== undefined ? JSON.stringify(input) : pieces;
}
