/**
 * Makes an iterable of what comes in batches. It ends promptly when the signal is aborted or its loop is left, which a generator
 * alone cannot: parked in an `await` it hears nothing of `return()`, so whatever it waits for is aborted first. Each iteration starts anew.
 */
export function toIterable<T>(
  outer: AbortSignal | undefined,
  start: (signal: AbortSignal) => AsyncGenerator<readonly T[], void, undefined>,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const controller = new AbortController();
      const { signal } = controller;
      const abort = (): void => controller.abort(outer?.reason);
      const detach = (): void => outer?.removeEventListener('abort', abort);
      outer?.addEventListener('abort', abort);
      if (outer?.aborted) abort();

      async function* run(): AsyncGenerator<T, undefined, undefined> {
        try {
          for await (const batch of start(signal)) {
            for (const item of batch) {
              if (signal.aborted) return;
              yield item;
            }
          }
        } finally {
          detach();
        }
      }
      const generator = run();

      return {
        next: () => generator.next(),
        return() {
          detach();
          controller.abort();
          return generator.return(undefined);
        },
      };
    },
  };
}
