/** Waits; resolves at once when the signal is aborted, and never rejects. Where not `ref`, a Node process may end meanwhile. */
export function sleep(ms: number, signal: AbortSignal, ref: boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    // Node's timers are objects, those of browsers numbers.
    if (!ref && typeof timer === 'object') timer.unref();
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}
