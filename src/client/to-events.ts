/** Events as they come: one by one, or all that came at once, which costs a tenth. Each loop starts anew. */
export interface Events<T> extends AsyncIterable<T> {
  /** The same in batches: what one read of the network brought. */
  batches(): AsyncIterable<readonly T[]>;
}

/**
 * Makes events of what comes in batches. A loop over them ends promptly when the signal is aborted or it is left, which a generator
 * alone cannot: parked in an `await` it hears nothing of `return()`, so whatever it waits for is aborted first.
 */
export function toClientEvents<T>(
  outer: AbortSignal | undefined,
  start: (signal: AbortSignal) => AsyncGenerator<readonly T[], void, undefined>,
  /** Called with what is handed on, just before: the last of a batch, or each. */
  onGiven?: (item: T) => void,
): Events<T> {
  async function* each(signal: AbortSignal): AsyncGenerator<T, void, undefined> {
    for await (const batch of start(signal)) {
      for (const item of batch) {
        if (signal.aborted) return;
        onGiven?.(item);
        yield item;
      }
    }
  }
  async function* all(signal: AbortSignal): AsyncGenerator<readonly T[], void, undefined> {
    for await (const batch of start(signal)) {
      const last = batch.at(-1);
      if (last !== undefined) onGiven?.(last);
      yield batch;
    }
  }
  return {
    [Symbol.asyncIterator]: () => iterate(outer, each),
    batches: () => ({ [Symbol.asyncIterator]: () => iterate(outer, onGiven ? all : start) }),
  };
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
