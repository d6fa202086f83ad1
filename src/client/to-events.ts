/** Events as they come: one by one, or all that came at once, which costs a tenth. Each loop starts anew. */
export interface Events<T> extends AsyncIterable<T> {
  /** The same in batches: what one read of the network brought. */
  batches(): AsyncIterable<readonly T[]>;
}

/**
 * Makes events of what comes in batches. A loop over them ends promptly when the signal is aborted or it is left, which a generator
 * alone cannot: parked in an `await` it hears nothing of `return()`, so whatever it waits for is aborted first.
 */
export function toEvents<T>(
  outer: AbortSignal | undefined,
  start: (signal: AbortSignal) => AsyncGenerator<readonly T[], void, undefined>,
): Events<T> {
  return {
    [Symbol.asyncIterator]: () => iterate(outer, (signal) => each(start(signal), signal)),
    batches: () => ({ [Symbol.asyncIterator]: () => iterate(outer, start) }),
  };
}

async function* each<T>(
  batches: AsyncIterable<readonly T[]>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  for await (const batch of batches) {
    for (const item of batch) {
      if (signal.aborted) return;
      yield item;
    }
  }
}

function iterate<T>(
  outer: AbortSignal | undefined,
  start: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterator<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer?.reason);
  const detach = (): void => outer?.removeEventListener('abort', abort);
  outer?.addEventListener('abort', abort);
  if (outer?.aborted) abort();

  async function* run(): AsyncGenerator<T, undefined, undefined> {
    try {
      yield* start(controller.signal);
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
}
