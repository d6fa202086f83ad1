/** Returns the output or the input of a tool as text: a text as it is, and any other value as JSON. */
export function toOutputText(output: unknown): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}
