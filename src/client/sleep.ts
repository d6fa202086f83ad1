/**
 * Waits for `ms` milliseconds, or until the signal is aborted. Never rejects. Without `ref`, a Node process
 * may end meanwhile.
 */
export function sleep(ms: number, signal: AbortSignal, ref: boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    // A timer is an object in Node and a number in browsers.
    if (!ref && typeof timer === 'object') timer.unref();
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}
