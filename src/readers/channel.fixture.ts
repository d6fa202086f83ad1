import type { EventLog } from '../log/index.ts';
import type { Sink } from './index.ts';

/** A sink that a test drains by hand: what it is given stays held until then. */
export function createTestSink({ isStalled = false } = {}) {
  let held = 0;
  let wakes: (() => void)[] = [];
  const seen = {
    /** All that was written. */
    writes: [] as string[],
    closed: undefined as 'end' | 'cut' | undefined,
    stalls: isStalled,
    /** Takes what is held; what is written because of that is held again while it stalls. */
    drain(): void {
      held = 0;
      const woken = wakes;
      wakes = [];
      for (const wake of woken) wake();
    },
    get held() {
      return held;
    },
  };
  const sink: Sink = {
    write(text) {
      seen.writes.push(text);
      if (seen.stalls) held += new TextEncoder().encode(text).byteLength;
    },
    get held() {
      return held;
    },
    drained: (wake) => void (held === 0 ? wake() : wakes.push(wake)),
    close: (how) => void (seen.closed = how),
  };
  return { sink, seen };
}

/** A log that counts who reads and who watches. */
export function countLog(log: EventLog): { log: EventLog; counts: { reads: number; watching: number } } {
  const counts = { reads: 0, watching: 0 };
  return {
    counts,
    log: {
      ...log,
      read: (...args) => {
        counts.reads += 1;
        return log.read(...args);
      },
      watch: (session, wake) => {
        counts.watching += 1;
        const stop = log.watch(session, wake);
        let isStopped = false;
        return () => {
          if (!isStopped) counts.watching -= 1;
          isStopped = true;
          stop();
        };
      },
    },
  };
}
