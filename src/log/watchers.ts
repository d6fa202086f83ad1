import type { Entry } from '../protocol/index.ts';
import type { EventLog, Wake } from './log.ts';

/** The watchers of sessions in this process. */
export interface Watchers {
  /** Calls `wake` each time the session is woken, until stopped. */
  readonly watch: EventLog['watch'];
  /**
   * Wakes the watchers of a session after the running code is done. Passes the head's version and the new
   * entries, if they are known.
   */
  readonly wake: (session: string, version?: number, entries?: readonly Entry[]) => void;
  /** Returns whether the session has a watcher. */
  readonly has: (session: string) => boolean;
  /** The number of watchers. */
  readonly size: number;
}

/**
 * Creates the registry behind a store's `watch`. `onChange` gets the session whenever a watch starts or
 * stops.
 */
export function createWatchers(onChange?: (session: string) => void): Watchers {
  const sessions = new Map<string, Set<{ readonly wake: Wake }>>();
  let size = 0;
  return {
    watch(session, wake) {
      // Wrapped, so one function may watch twice and stop twice.
      const watcher = { wake };
      const watchers = sessions.get(session) ?? new Set();
      sessions.set(session, watchers.add(watcher));
      size += 1;
      onChange?.(session);
      return () => {
        if (!watchers.delete(watcher)) return;
        if (watchers.size === 0 && sessions.get(session) === watchers) sessions.delete(session);
        size -= 1;
        onChange?.(session);
      };
    },
    wake(session, version, entries) {
      const watchers = sessions.get(session);
      if (watchers === undefined) return;
      // Microtasks keep an error of a watcher away from the caller of `append`: it becomes an uncaught error.
      for (const watcher of watchers) queueMicrotask(() => watcher.wake(version, entries));
    },
    has: (session) => sessions.has(session),
    get size() {
      return size;
    },
  };
}
