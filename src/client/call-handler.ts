/**
 * Calls a function of the application. What it throws is thrown again where nobody catches it, so that a handler's mistake shows
 * itself in the console (and ends a Node process) instead of looking like a lost connection.
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

/** Throws an error where nobody catches it. */
export function throwUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
