/** Ends a request that nothing comes from any more. */
export interface Watchdog {
  /** For the request: aborted when it was silent too long, when the outer signal is aborted, or when closed. */
  readonly signal: AbortSignal;
  /** Awaits something the other end has to do. Time in which the application takes its time does not count. */
  during<T>(wait: Promise<T>): Promise<T>;
  /** Ends the request, wherever it is: frees its socket. */
  close(): void;
}

/** Makes a watchdog for one request. Bytes count, comments too: a half-open connection is told by nothing else. */
export function createWatchdog(silenceMs: number, outer: AbortSignal): Watchdog {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer.reason);
  outer.addEventListener('abort', abort);
  if (outer.aborted) abort();

  return {
    signal: controller.signal,
    async during(wait) {
      const timer = setTimeout(() => controller.abort(new Error(`Silent for ${silenceMs} ms.`)), silenceMs);
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
