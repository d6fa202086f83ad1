import type { Stop } from './log.ts';

/** Who waits for which session in this process. */
export interface Watchers {
  /** Calls `wake` at each `wake` of that session, until stopped. */
  readonly watch: (session: string, wake: () => void) => Stop;
  /** Wakes those who wait for a session, after the running code is done. */
  readonly wake: (session: string) => void;
  /** How many wait. */
  readonly size: number;
}

/** Creates the registry that a store's `watch` needs. `onChange` is told when somebody starts or stops waiting. */
export function createWatchers(onChange?: () => void): Watchers {
  const sessions = new Map<string, Set<{ readonly wake: () => void }>>();
  let size = 0;
  return {
    watch(session, wake) {
      // Wrapped, so that one function may wait twice and stop twice.
      const watcher = { wake };
      const watchers = sessions.get(session) ?? new Set();
      sessions.set(session, watchers.add(watcher));
      size += 1;
      onChange?.();
      return () => {
        if (!watchers.delete(watcher)) return;
        if (watchers.size === 0 && sessions.get(session) === watchers) sessions.delete(session);
        size -= 1;
        onChange?.();
      };
    },
    wake(session) {
      // As microtasks: what a watcher throws is an uncaught error of the watcher's, and never reaches who appended.
      for (const watcher of sessions.get(session) ?? []) queueMicrotask(watcher.wake);
    },
    get size() {
      return size;
    },
  };
}
