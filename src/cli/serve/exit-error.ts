/**
 * An error with one sentence for the user at the terminal. The command exits with code 1 and prints no stack.
 */
export class ExitError extends Error {
  override readonly name = 'ExitError';
}
