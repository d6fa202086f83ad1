import { createMemoryCheckpoints } from './memory-checkpoints.ts';
import { createMemoryIndex } from './memory-index.ts';
import { createMemoryLeases } from './memory-leases.ts';
import { createMemoryLog } from './memory-log.ts';
import { createMemoryList } from './memory-list.ts';
import type { MemorySessions } from './memory-session.ts';
import { createMemorySnapshots } from './memory-snapshots.ts';
import type { Store } from './store.ts';
import { createWatchers } from './watchers.ts';

export interface MemoryStoreOptions {
  /** Returns the time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Creates a store in memory. It lives as long as its process. */
export function memoryStore({ now = Date.now }: MemoryStoreOptions = {}): Store {
  const sessions: MemorySessions = new Map();
  const index = createMemoryIndex();
  return {
    log: createMemoryLog(sessions, index, createWatchers(), now),
    leases: createMemoryLeases(sessions, index, now),
    sessions: createMemoryList(sessions, index, now),
    snapshots: createMemorySnapshots(sessions),
    checkpoints: createMemoryCheckpoints(sessions),
    close: async () => {},
  };
}
