import type { Checkpoints } from '../log/index.ts';
import type { WorkerLink } from './worker-link.ts';

/** Creates the checkpoints of the store. */
export function createSqliteCheckpoints(link: WorkerLink): Checkpoints {
  return {
    // The call is sent later, and the caller may change its map until then.
    save: async (session, next) =>
      await link.call('saveCheckpoint', { session, next: { ...next, pages: new Map(next.pages) } }),
    load: (session, { last, before = Infinity }) => link.call('loadCheckpoint', { session, last, before }),
  };
}
