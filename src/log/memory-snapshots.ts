import { toLive } from './memory-session.ts';
import type { MemorySessions } from './memory-session.ts';
import type { Snapshots } from './store.ts';

/** Creates the snapshots of the sessions in memory. They are deleted with their session. */
export function createMemorySnapshots(sessions: MemorySessions): Snapshots {
  return {
    async save(session, name, data) {
      toLive(sessions, session)?.snapshots.set(name, data);
    },

    load: async (session, name) => toLive(sessions, session)?.snapshots.get(name),

    async keepOnly(session, name) {
      const snapshots = toLive(sessions, session)?.snapshots;
      for (const other of snapshots?.keys() ?? []) {
        if (other !== name) snapshots?.delete(other);
      }
    },
  };
}
