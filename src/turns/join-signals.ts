/**
 * Returns a signal that aborts with the first of several. `detach` removes its listeners, so that long-lived
 * signals do not keep finished work in memory.
 */
export function joinSignals(signals: readonly AbortSignal[]): {
  readonly signal: AbortSignal;
  detach(): void;
} {
  const controller = new AbortController();
  const listeners = signals.map((signal) => {
    const onAbort = (): void => controller.abort(signal.reason);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    return () => signal.removeEventListener('abort', onAbort);
  });
  return {
    signal: controller.signal,
    detach: () => {
      for (const stop of listeners) stop();
    },
  };
}
