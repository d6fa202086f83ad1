import { toSnapshot } from '../log/internal.ts';
import type { Snapshots } from '../log/index.ts';
import type { WorkerLink } from './worker-link.ts';

/** Creates the snapshots of the store. */
export function createSqliteSnapshots(link: WorkerLink): Snapshots {
  return {
    save: (session, name, data) =>
      link.call('save', { session, name: JSON.stringify(name), data: JSON.stringify(data) }),

    async load(session, name) {
      const text = await link.call('load', { session, name: JSON.stringify(name) });
      return text === undefined ? undefined : toSnapshot(session, text);
    },

    keepOnly: (session, name) => link.call('keepOnly', { session, name: JSON.stringify(name) }),
  };
}
