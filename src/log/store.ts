import type { Head } from './head.ts';
import type { Leases } from './leases.ts';
import type { EventLog } from './log.ts';

/** All that a server keeps: logs, leases, and which sessions are whose. */
export interface Store {
  readonly log: EventLog;
  readonly leases: Leases;
  readonly sessions: SessionIndex;
  readonly snapshots: Snapshots;
  /**
   * Resolves where a write would succeed now, and rejects as an append would: for whoever asks whether it is
   * ready. Without, a store that can be read is taken for one that can be written.
   */
  check?(): Promise<void>;
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
  /** Sessions of any kind whose `dueAt` has come, held or not, earliest first: those at work, and those about to be. `owner`: theirs only. */
  due(options: { readonly limit: number; readonly owner?: string }): Promise<readonly ListedSession[]>;
}

/** Agents' own memory, kept beside the logs: a cache that may be lost, but for the agent of a turn that waits for approvals. Dropping a session drops its snapshots. */
export interface Snapshots {
  /** Keeps `data` under a name; durable when it resolves. Nothing is kept for a session that is not there. */
  save(session: string, name: string, data: string): Promise<void>;
  load(session: string, name: string): Promise<string | undefined>;
  /** Forgets all of a session's snapshots but the named one. */
  keepOnly(session: string, name: string): Promise<void>;
}

export interface ListedSession {
  readonly session: string;
  readonly head: Head;
}
