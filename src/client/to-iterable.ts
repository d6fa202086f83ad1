/**
 * Makes an iterable that ends promptly when the signal is aborted or its loop is left. A generator alone cannot: parked in an
 * `await` it hears nothing of `return()`, so whatever it waits for is aborted first. Each iteration starts anew.
 */
export function toIterable<T>(
  outer: AbortSignal | undefined,
  start: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const controller = new AbortController();
      const abort = (): void => controller.abort(outer?.reason);
      const detach = (): void => outer?.removeEventListener('abort', abort);
      outer?.addEventListener('abort', abort);
      if (outer?.aborted) abort();
      const generator = start(controller.signal);

      return {
        async next() {
          try {
            const result = await generator.next();
            if (result.done) detach();
            return result;
          } catch (error) {
            detach();
            throw error;
          }
        },
        async return() {
          detach();
          controller.abort();
          return generator.return();
        },
      };
    },
  };
}
