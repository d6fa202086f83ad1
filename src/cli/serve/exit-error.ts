/** What went wrong in one sentence for the person at the terminal; the command ends with code 1 and no stack. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
}
