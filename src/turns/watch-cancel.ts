import type { EventLog, Stop } from '../log/index.ts';

/** How often at most the head is read while the log changes. A turn's own appends wake this too. */
const checkMs = 100;
/** When it is read again where that failed. */
const retryMs = 1_000;

/** Aborts `signal` when the turn was asked to stop (by any node) or is no longer there. */
export function watchCancel(
  log: EventLog,
  session: string,
  turn: string,
): { readonly signal: AbortSignal; readonly stop: Stop } {
  const cancelled = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let checked = -checkMs;
  let stopped = false;

  const check = async (): Promise<void> => {
    timer = undefined;
    checked = performance.now();
    try {
      const page = await log.read(session, undefined, 0);
      const open = page.type === 'page' ? page.head.turn : undefined;
      if (!stopped && (open?.turn !== turn || open.cancelled)) cancelled.abort();
    } catch {
      // The store is out of reach: a silent agent would wake nobody again.
      if (!stopped) timer ??= setTimeout(() => void check(), retryMs);
    }
  };
  const wake = (): void => {
    // At once where nothing was said for a while: a person who waits on a silent agent asked for this.
    if (!stopped)
      timer ??= setTimeout(() => void check(), Math.max(0, checked + checkMs - performance.now()));
  };
  const unwatch = log.watch(session, wake);
  wake();
  return {
    signal: cancelled.signal,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      unwatch();
    },
  };
}
