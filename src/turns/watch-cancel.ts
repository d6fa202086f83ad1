import type { EventLog, Stop } from '../log/index.ts';

/** How often at most the head is read while the log changes. A turn's own appends wake this too. */
const checkMs = 100;
/** When it is read again where that failed. */
const retryMs = 1_000;

export interface CancelWatch {
  /** Aborted when the turn was asked to stop (by any node) or is no longer there. */
  readonly signal: AbortSignal;
  /** Takes note of the head's version that an append of the turn's own was answered with: while it is the known one, nobody asked for anything. */
  seen(version: number): void;
  readonly stop: Stop;
}

/** Watches a turn that stands open in the head of this version. */
export function watchCancel(log: EventLog, session: string, turn: string, version: number): CancelWatch {
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
  const onTime = (): void => {
    timer = undefined;
    // Something was appended meanwhile that knew of no command: what woke this was most likely that.
    if (checked + checkMs > performance.now()) wake();
    else void check();
  };
  const wake = (): void => {
    // At once where nothing was said for a while: a person who waits on a silent agent asked for this.
    if (!stopped) timer ??= setTimeout(onTime, Math.max(0, checked + checkMs - performance.now()));
  };
  const unwatch = log.watch(session, wake);
  wake();
  return {
    signal: cancelled.signal,
    seen: (answered) => {
      if (answered === known) {
        checked = performance.now();
        return;
      }
      checked = -checkMs;
      clearTimeout(timer);
      timer = undefined;
      wake();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      unwatch();
    },
  };
}
