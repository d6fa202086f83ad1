/** Carries events from a vendor that pushes them to a generator that is pulled. One reader takes them, in order. */
export interface EventQueue<Event> extends AsyncIterable<Event> {
  /** Adds an event. Events after the end are dropped. */
  push(event: Event): void;
  /** Ends the queue after the events that wait in it. */
  end(): void;
  /** Ends the queue after the events that wait in it, with an error. */
  fail(error: unknown): void;
  /** The number of events that wait. An adapter may pause its vendor while there are many. */
  readonly size: number;
}

/** Creates an empty queue without a bound. */
export function createQueue<Event>(): EventQueue<Event> {
  const events: Event[] = [];
  let ending: { readonly error?: unknown } | undefined;
  let wake = (): void => {};
  /** The events that the reader has taken from the list and not seen yet. */
  let behind = 0;
  const end = (how: { readonly error?: unknown }): void => {
    ending ??= how;
    wake();
  };
  return {
    push(event) {
      if (ending !== undefined) return;
      events.push(event);
      wake();
    },
    end: () => end({}),
    fail: (error) => end({ error }),
    get size() {
      return events.length + behind;
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        // Taken at once and not one by one: `shift` moves all events that wait behind.
        const batch = events.splice(0);
        behind = batch.length;
        for (const event of batch) {
          behind -= 1;
          yield event;
        }
        if (events.length > 0) continue;
        if (ending !== undefined && 'error' in ending) throw ending.error;
        if (ending !== undefined) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
