/** Ends a request that nothing comes from any more. */
export interface Watchdog {
  /** For the request: aborted when it was silent too long, when the outer signal is aborted, or when closed. */
  readonly signal: AbortSignal;
  /** Whether it was silent too long. */
  readonly expired: boolean;
  /** Awaits something the other end has to do, for so long. Time in which the application takes its time does not count. */
  during<T>(wait: Promise<T>, ms?: number): Promise<T>;
  /** Ends the request, wherever it is: frees its socket. */
  close(): void;
}

/** Makes a watchdog for one request. Bytes count, comments too: a half-open connection is told by nothing else. */
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
      // A timer takes what does not fit into 31 bits, as Infinity, for 0.
      const timer = ms < 2 ** 31 ? setTimeout(expire, ms) : undefined;
      let onAbort = (): void => {};
      // Not everything that is waited for knows of the signal: a function for headers, a server in the same process.
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
