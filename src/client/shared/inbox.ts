/** Items that were put in and not yet taken. */
export interface Inbox<T> extends AsyncIterable<T> {
  put(item: T): void;
}

/**
 * Creates an inbox that ends when the signal is aborted. If it holds `limit` items already, it is emptied and
 * `overflow` takes their place. Its reader can then read what it missed from a log.
 */
export function createInbox<T>(signal: AbortSignal, limit: number, overflow: T): Inbox<T> {
  let items: T[] = [];
  let wake = (): void => {};
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort);

  return {
    put(item) {
      if (items.length >= limit) items = [overflow];
      items.push(item);
      wake();
    },
    async *[Symbol.asyncIterator]() {
      while (!signal.aborted) {
        const item = items.shift();
        if (item === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else yield item;
      }
    },
  };
}
