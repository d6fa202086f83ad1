import type { EventLog, Stop } from '../log/index.ts';

/** The shortest time between two reads of the head, in milliseconds. */
const checkMs = 100;
/** The pause before a failed read is repeated, in milliseconds. */
const retryMs = 1_000;

/**
 * Watches a turn, and aborts `signal` when any node has cancelled it or it is no longer open. `version` is
 * the version of a head in which the turn is open.
 */
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
      // The store is out of reach. If the agent is silent, no hint would come to repeat the read.
      if (!stopped) timer ??= setTimeout(() => void check(), retryMs);
    }
  };
  const wake = (hinted?: number): void => {
    // Most hints come from the turn's own events, which do not change the head.
    if (stopped || hinted === known) return;
    // Read at once if the last read was a while ago: the user of a silent agent waits for the cancel.
    timer ??= setTimeout(() => void check(), Math.max(0, checked + checkMs - performance.now()));
  };
  const unwatch = log.watch(session, wake);
  // A cancel may have come before the watch began.
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
