/** Ends a request that has gone silent. */
export interface Watchdog {
  /**
   * The signal of the request. It is aborted when the request was silent too long, when the outer signal is
   * aborted, or on close.
   */
  readonly signal: AbortSignal;
  /** Whether the request was silent too long. */
  readonly expired: boolean;
  /**
   * Awaits something that the other end has to do, for at most `ms` milliseconds. The time between such
   * waits, which the application takes, does not count.
   */
  during<T>(wait: Promise<T>, ms?: number): Promise<T>;
  /** Ends the request in any state, and frees its socket. */
  close(): void;
}

/**
 * Creates a watchdog for one request. All bytes count, comments too: they alone reveal a half-open
 * connection.
 */
export function createWatchdog(readTimeoutMs: number, outer: AbortSignal): Watchdog {
  const controller = new AbortController();
  let expired = false;
  const abort = (): void => controller.abort(outer.reason);
  outer.addEventListener('abort', abort);
  if (outer.aborted) abort();

  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    async during(wait, ms = readTimeoutMs) {
      const expire = (): void => {
        expired = true;
        controller.abort(new Error(`Silent for ${ms} ms.`));
      };
      // A timer treats a value of more than 31 bits, such as Infinity, as 0.
      const timer = ms < 2 ** 31 ? setTimeout(expire, ms) : undefined;
      let onAbort = (): void => {};
      // Some waits do not use the signal: a function for headers, or a server in the same process.
      const aborted = new Promise<never>((_, reject) => {
        onAbort = () => reject(controller.signal.reason);
        controller.signal.addEventListener('abort', onAbort);
        if (controller.signal.aborted) onAbort();
      });
      try {
        return await Promise.race([wait, aborted]);
      } finally {
        clearTimeout(timer);
        controller.signal.removeEventListener('abort', onAbort);
      }
    },
    close() {
      outer.removeEventListener('abort', abort);
      controller.abort();
    },
  };
}
