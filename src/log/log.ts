import type { Entry, EntryId, ResyncReason, SessionEvent, SessionState } from '../protocol/index.ts';
import type { Head, NextHead } from './head.ts';
import type { Fence } from './leases.ts';

/** Stops what was started. Further calls do nothing. */
export type Stop = () => void;

/**
 * Receives a hint. `version` is the head's version at an append. `entries` are what the append wrote, in the
 * order of the log.
 */
export type Wake = (version?: number, entries?: readonly Entry[]) => void;

/**
 * The append-only entries of sessions. An implementation must pass the contract suite, `storeContract`. A
 * store that cannot be reached, or is full, rejects with a RefusalError `unavailable` or `storage_full`.
 */
export interface EventLog {
  /**
   * Appends events and replaces the head, all or nothing; durable when it resolves. Without events it only
   * replaces the head. The log keeps a copy. Rejects with a TypeError, and writes nothing, if a value is not
   * an event after its conversion to JSON.
   */
  append(
    session: string,
    events: readonly SessionEvent[],
    options?: AppendOptions,
  ): Promise<AppendReceipt | AppendRefusal>;
  /**
   * Reads at most `limit` entries after `after`, oldest first, and the head. Without `after` it reads from
   * the start. `limit` 0 reads only the head. A page of large entries may hold fewer than there are: only an
   * empty page is the end.
   */
  read(session: string, after: EntryId | undefined, limit: number): Promise<Page | Missing | Gone>;
  /**
   * Calls `wake` when there may be a new entry. The call is only a hint: it may be early, late or repeated.
   * It may carry the head's `version` at the append. A watcher that needs only the head can then skip the
   * read of a version it knows. It may carry the `entries` of the append, once they are durable. A reader
   * that has the entry right before them can then take them without a read. A store that may have lost
   * entries before them leaves them out, because a reader checks only that the seqs are consecutive.
   */
  watch(session: string, wake: Wake): Stop;
  /**
   * Removes the entries up to and including `upTo`, and keeps the folded state at that entry instead. The
   * entries that an append with a key wrote stay available to a repeat. Rejects with a RangeError if `upTo`
   * was never in this log. Does nothing if it is trimmed already, or if the session is gone.
   */
  trim(session: string, upTo: EntryId, state: SessionState): Promise<void>;
  /**
   * Deletes the session and wakes its watchers. A late append cannot create it again: the session stays
   * `missing` for as long as the store keeps its tombstone, a week or 100,000 later drops at least.
   */
  drop(session: string): Promise<void>;
}

export interface AppendOptions {
  /**
   * Compares the head's version and replaces the head. `was: 0` creates the session, and conflicts if it
   * exists.
   */
  readonly head?: { readonly was: number; readonly now: NextHead };
  /** Makes the append idempotent for as long as the log lives. */
  readonly key?: { readonly id: string; readonly digest: string };
  /**
   * Proves that the writer still holds the lease. A repeat of the last `n` gets the answer of the first time.
   */
  readonly fence?: Fence;
}

export interface AppendReceipt {
  readonly type: 'appended';
  /** The events at their new places. */
  readonly entries: readonly Entry[];
  /** The head's version after the append. If it has changed, a writer knows that a command was appended. */
  readonly version: number;
}

export type AppendRefusal =
  | { readonly type: 'refused'; readonly reason: 'conflict' | 'fenced' | 'mismatch' | 'missing' }
  /** The key was used before with the same digest. `entries` are those that the first append wrote. */
  | { readonly type: 'refused'; readonly reason: 'duplicate'; readonly entries: readonly Entry[] };

export interface Page {
  readonly type: 'page';
  readonly entries: readonly Entry[];
  readonly head: Head;
  /**
   * Present if nothing came after the page when it was read. A follower can then wait for a hint without
   * another read.
   */
  readonly end?: true;
  /** The state that replaces the trimmed entries, if the page begins at the start. Absent with `limit` 0. */
  readonly base?: SessionState;
}

/** There is no such session, or it was dropped. */
export interface Missing {
  readonly type: 'missing';
}

/**
 * The log cannot continue after `after`. It was `trimmed`, is `unknown` (another tag is at its place), or is
 * `beyond` the end. The last trimmed entry is still accepted, because nothing after it is missing.
 */
export interface Gone {
  readonly type: 'gone';
  readonly reason: Exclude<ResyncReason, 'requested'>;
}
