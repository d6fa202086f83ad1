import type { EventLog } from '../log/index.ts';
import type { Sink } from './index.ts';

/** Creates a sink that a test drains by hand. A stalled sink holds what it gets until then. */
export function createTestSink({ isStalled = false } = {}) {
  let held = 0;
  let wakes: (() => void)[] = [];
  const seen = {
    /** All text that was written. */
    writes: [] as string[],
    closed: undefined as 'end' | 'cut' | undefined,
    stalls: isStalled,
    /**
     * Takes the bytes that the sink holds. While it stalls, text that is written because of this is held
     * again.
     */
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

/** Returns a log that counts its reads and its open watches. */
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

/** Makes the hints of a log carry no entries, like those of a store on several nodes. So readers read. */
export function withoutHintedEntries(log: EventLog): void {
  const { watch } = log;
  log.watch = (session, wake) => watch(session, (version) => wake(version));
}
