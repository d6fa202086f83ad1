/** An error as a log may have it. */
export interface Described {
  readonly name?: string;
  readonly message: string;
  /** Where it was thrown, a line a call. */
  readonly at?: readonly string[];
  readonly cause?: Described;
}

/** Takes of an error its words and where it was thrown, and nothing that it carries: SDKs put whole requests there. */
export function describeError(error: unknown): Described {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack = '', cause } = error;
  // The stack repeats the words, which may look like lines of their own.
  const lines = stack.replace(message, () => '').split('\n');
  const at = lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
  return { name, message, at, ...(cause !== undefined && { cause: describeError(cause) }) };
}
