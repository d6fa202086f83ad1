/** Events as they come: one by one, or in batches, which costs a tenth. Each loop starts anew. */
export interface Events<T> extends AsyncIterable<T> {
  /** Yields the same events in batches: all events of one read of the network. */
  batches(): AsyncIterable<readonly T[]>;
}

/**
 * Makes events of what comes in batches. A loop over them ends promptly when the signal is aborted or the
 * loop is left. A generator alone cannot do that: while it awaits, it does not notice `return()`. So its wait
 * is aborted first.
 */
export function toClientEvents<T>(
  outer: AbortSignal | undefined,
  start: (signal: AbortSignal) => AsyncGenerator<readonly T[], void, undefined>,
  /** Called just before an item is handed on; for a batch, with its last item. */
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
