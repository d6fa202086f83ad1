import { memoryStore } from './memory.ts';
import type { EventLog } from './log.ts';
import type { Store } from './store.ts';

/** Creates a memory store that counts the watchers of its log. */
export function createWatchedStore(): { readonly store: Store; watching(): number } {
  const store = memoryStore();
  let watching = 0;
  const watch: EventLog['watch'] = (session, wake) => {
    const stop = store.log.watch(session, wake);
    watching += 1;
    return () => {
      watching -= 1;
      stop();
    };
  };
  return { store: { ...store, log: { ...store.log, watch } }, watching: () => watching };
}
