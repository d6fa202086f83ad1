import type { Head } from './head.ts';
import type { Leases } from './leases.ts';
import type { EventLog } from './log.ts';

/** All that a server keeps: logs, leases, and which sessions are whose. */
export interface Store {
  readonly log: EventLog;
  readonly leases: Leases;
  readonly sessions: SessionIndex;
  /** Writes what is under way and lets go of files, threads and connections. */
  close(): Promise<void>;
}

export interface SessionIndex {
  /**
   * An owner's sessions of kind `session`, last active first; `before` pages on from an `activeAt`.
   * Those as active as the last one come with it, beyond `limit`: so paging misses none.
   */
  list(
    owner: string,
    options: { readonly limit: number; readonly before?: number },
  ): Promise<readonly ListedSession[]>;
}

export interface ListedSession {
  readonly session: string;
  readonly head: Head;
}
