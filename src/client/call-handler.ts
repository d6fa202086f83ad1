/**
 * Calls a function of the application. An error that it throws is thrown again as an uncaught error. A
 * mistake in a handler then appears in the console (and ends a Node process) and does not look like a lost
 * connection.
 */
export function callHandler<Args extends readonly unknown[]>(
  handler: ((...args: Args) => void) | undefined,
  ...args: Args
): void {
  try {
    handler?.(...args);
  } catch (error) {
    throwUncaught(error);
  }
}

/** Throws an error as an uncaught one. */
export function throwUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
