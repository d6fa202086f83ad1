import type { EventLog } from './log.ts';

/** Who waits for which session in this process. */
export interface Watchers {
  /** Calls `wake` at each `wake` of that session, until stopped. */
  readonly watch: EventLog['watch'];
  /** Wakes those who wait for a session, after the running code is done; with the head's version, where that is known. */
  readonly wake: (session: string, version?: number) => void;
  /** Whether somebody waits for that session. */
  readonly has: (session: string) => boolean;
  /** How many wait. */
  readonly size: number;
}

/** Creates the registry that a store's `watch` needs. `onChange` is told for which session somebody started or stopped waiting. */
export function createWatchers(onChange?: (session: string) => void): Watchers {
  const sessions = new Map<string, Set<{ readonly wake: (version?: number) => void }>>();
  let size = 0;
  return {
    watch(session, wake) {
      // Wrapped, so that one function may wait twice and stop twice.
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
    wake(session, version) {
      // As microtasks: what a watcher throws is an uncaught error of the watcher's, and never reaches who appended.
      for (const watcher of sessions.get(session) ?? []) queueMicrotask(() => watcher.wake(version));
    },
    has: (session) => sessions.has(session),
    get size() {
      return size;
    },
  };
}
