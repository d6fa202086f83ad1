import type { EventLog, Stop } from '../log/index.ts';

/** How often at most the head is read while hints come that do not tell whether it changed. */
const checkMs = 100;
/** When it is read again where that failed. */
const retryMs = 1_000;

/** Aborts `signal` when a turn was asked to stop (by any node) or is no longer there. It stands open in the head of this version. */
export function watchCancel(
  log: EventLog,
  session: string,
  turn: string,
  version: number,
): { readonly signal: AbortSignal; readonly stop: Stop } {
  const cancelled = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known = version;
  let checked = -checkMs;
  let stopped = false;

  const check = async (): Promise<void> => {
    timer = undefined;
    checked = performance.now();
    try {
      const page = await log.read(session, undefined, 0);
      const head = page.type === 'page' ? page.head : undefined;
      known = head?.version ?? known;
      if (!stopped && (head?.turn?.turn !== turn || head.turn.cancelled)) cancelled.abort();
    } catch {
      // The store is out of reach: a silent agent would wake nobody again.
      if (!stopped) timer ??= setTimeout(() => void check(), retryMs);
    }
  };
  const wake = (hinted?: number): void => {
    // The turn's own words, most often: they change no head.
    if (stopped || hinted === known) return;
    // At once where nothing was said for a while: a person who waits on a silent agent asked for this.
    timer ??= setTimeout(() => void check(), Math.max(0, checked + checkMs - performance.now()));
  };
  const unwatch = log.watch(session, wake);
  // What came before it watched.
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
