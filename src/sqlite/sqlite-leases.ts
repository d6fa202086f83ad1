import type { Leases } from '../log/index.ts';
import type { WorkerLink } from './worker-link.ts';

/** Creates the leases of the store. */
export function createSqliteLeases(link: WorkerLink, now: () => number): Leases {
  return {
    claim: (session, node, ttlMs) => link.call('claim', { session, node, ttlMs, now: now() }),
    renew: (fence, ttlMs) => link.call('renew', { fence, until: now() + ttlMs }),
    release: (fence, ifHead) => link.call('release', { fence, ifHead }),
    due: (limit) => link.call('due', { limit, now: now() }),
  };
}
