import type { Head } from './head.ts';
import type { Leases } from './leases.ts';
import type { EventLog } from './log.ts';

/** All that a server keeps: logs, leases, the index of sessions, and snapshots. */
export interface Store {
  readonly log: EventLog;
  readonly leases: Leases;
  readonly sessions: SessionIndex;
  readonly snapshots: Snapshots;
  /**
   * Resolves if a write would succeed now, and rejects as an append would. It serves readiness checks.
   * Without it, a store that can be read counts as ready.
   */
  check?(): Promise<void>;
  /** Finishes pending writes and closes files, threads and connections. */
  close(): Promise<void>;
}

export interface SessionIndex {
  /**
   * Lists an owner's sessions of kind `session`, last active first. `before` continues from an `activeAt`.
   * Sessions with the same `activeAt` as the last one are included beyond `limit`, so paging misses none.
   */
  list(
    owner: string,
    options: { readonly limit: number; readonly before?: number },
  ): Promise<readonly ListedSession[]>;
  /**
   * Lists sessions of any kind whose `dueAt` has passed, earliest first, with or without a holder: those that
   * a node works on, and those about to start. `owner` limits the list to one owner.
   */
  due(options: { readonly limit: number; readonly owner?: string }): Promise<readonly ListedSession[]>;
}

/**
 * The agents' own memory, kept beside the logs. It is a cache that may be lost, except for an agent whose
 * turn waits for approvals. Dropping a session drops its snapshots.
 */
export interface Snapshots {
  /** Saves `data` under a name; durable when it resolves. Does nothing for a session that does not exist. */
  save(session: string, name: string, data: string): Promise<void>;
  load(session: string, name: string): Promise<string | undefined>;
  /** Deletes all snapshots of a session except the named one. */
  keepOnly(session: string, name: string): Promise<void>;
}

export interface ListedSession {
  readonly session: string;
  readonly head: Head;
}
