import type { Head } from './head.ts';
import type { Leases } from './leases.ts';
import type { EventLog } from './log.ts';

/** All that a server keeps: logs, leases, the index of sessions, snapshots and checkpoints. */
export interface Store {
  readonly log: EventLog;
  readonly leases: Leases;
  readonly sessions: SessionIndex;
  readonly snapshots: Snapshots;
  readonly checkpoints: Checkpoints;
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
   * Lists an owner's sessions of kind `session`, last active first, those as active as each other by id,
   * highest first. At most `limit`. `before` continues after a place in that order.
   */
  list(
    owner: string,
    options: { readonly limit: number; readonly before?: ListPlace },
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

/**
 * The folded states of sessions, kept beside their logs in pages of messages. They are a cache: each may be
 * lost, and its reader checks it against the log. Dropping a session drops its checkpoint.
 */
export interface Checkpoints {
  /**
   * Replaces the checkpoint if the kept one has the tag `was`, or if none is kept and `was` is undefined. All
   * or nothing. Resolves with whether it was replaced. Does nothing for a session that does not exist.
   */
  save(session: string, next: NextCheckpoint): Promise<boolean>;
  /**
   * Loads the checkpoint with some of its pages, all at one moment: the `last` ones, or the `last` ones below
   * the number `before`.
   */
  load(
    session: string,
    pages: { readonly last: number; readonly before?: number },
  ): Promise<LoadedCheckpoint | undefined>;
}

/** A checkpoint to save. Pages that did not change are not written again. */
export interface NextCheckpoint {
  /** The tag of the checkpoint that this one was made from. */
  readonly was: string | undefined;
  /** A new name for this checkpoint. No two checkpoints have the same tag. */
  readonly tag: string;
  /** A JSON text. */
  readonly record: string;
  /** The number of pages. Pages with higher numbers are deleted. */
  readonly count: number;
  /** The pages that changed, by number from 0 to `count - 1`, as JSON texts. */
  readonly pages: ReadonlyMap<number, string>;
}

export interface LoadedCheckpoint {
  readonly tag: string;
  readonly record: string;
  readonly count: number;
  /** The number of the first page in `pages`. */
  readonly first: number;
  readonly pages: readonly string[];
}

/**
 * A place in a list of sessions: after the session that was active then. Without `session`, after all
 * sessions that were active then.
 */
export interface ListPlace {
  /** In milliseconds since 1970. */
  readonly activeAt: number;
  readonly session?: string;
}

export interface ListedSession {
  readonly session: string;
  readonly head: Head;
}
