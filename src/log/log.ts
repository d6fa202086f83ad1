import type { Entry, EntryId, ResyncReason, SessionEvent, SessionState } from '../protocol/index.ts';
import type { Head, NextHead } from './head.ts';
import type { Fence } from './leases.ts';

/** Stops what was started; calling it again does nothing. */
export type Stop = () => void;

/**
 * The append-only entries of sessions. An implementation passes the contract suite in `contract.ts`.
 * A store that cannot be reached, or is full, rejects with a RefusalError `unavailable` or `storage_full`.
 */
export interface EventLog {
  /**
   * Adds events at the end and replaces the head, all or nothing; durable when it resolves. Without events it only replaces the head.
   * The log keeps a copy. Rejects with a TypeError, and writes nothing, where an event is not one once it is JSON.
   */
  append(
    session: string,
    events: readonly SessionEvent[],
    options?: AppendOptions,
  ): Promise<AppendReceipt | AppendRefusal>;
  /**
   * Entries after `after` (from the start without it), oldest first, at most `limit`, and the head. `limit` 0 reads just the head.
   * A page of large entries may hold fewer than there are: only an empty one is the end.
   */
  read(session: string, after: EntryId | undefined, limit: number): Promise<Page | Missing | Gone>;
  /**
   * Calls `wake` when an entry may have come. Early, late or twice is fine: it is only a hint. Where it tells the head's `version` at what was
   * appended, who waits for the head alone need not read one that is known.
   */
  watch(session: string, wake: (version?: number) => void): Stop;
  /**
   * Forgets the entries up to and including `upTo`; the folded state at that entry takes their place. What a key wrote is still told.
   * Rejects with a RangeError where `upTo` never was in this log; does nothing where it is trimmed already, or the session is gone.
   */
  trim(session: string, upTo: EntryId, state: SessionState): Promise<void>;
  /** Deletes the session and wakes its watchers. A late append cannot bring it back: its name is `missing` for ever. */
  drop(session: string): Promise<void>;
}

export interface AppendOptions {
  /** Compares the head's version and replaces the head. `was: 0` creates the session, and conflicts where it exists. */
  readonly head?: { readonly was: number; readonly now: NextHead };
  /** Makes the append idempotent for as long as the log lives. */
  readonly key?: { readonly id: string; readonly digest: string };
  /** Proves that the writer still holds the lease. A repeat of the last `n` is answered as the first time. */
  readonly fence?: Fence;
}

export interface AppendReceipt {
  readonly type: 'appended';
  /** The events at their new places. */
  readonly entries: readonly Entry[];
  /** The head's version after the append: a writer that finds it changed knows that somebody sent a command. */
  readonly version: number;
}

export type AppendRefusal =
  | { readonly type: 'refused'; readonly reason: 'conflict' | 'fenced' | 'mismatch' | 'missing' }
  /** The key was used before with the same digest: here is what that append wrote. */
  | { readonly type: 'refused'; readonly reason: 'duplicate'; readonly entries: readonly Entry[] };

export interface Page {
  readonly type: 'page';
  readonly entries: readonly Entry[];
  readonly head: Head;
  /** Nothing came after it when it was read: a follower may wait for a hint without reading again. */
  readonly end?: true;
  /** The state that stands for the entries that were trimmed, where the page starts at the start; not with `limit` 0. */
  readonly base?: SessionState;
}

/** There is no such session, or it was dropped. */
export interface Missing {
  readonly type: 'missing';
}

/**
 * `after` cannot be gone on from: `trimmed` away, `unknown` (another tag stands at its place), or `beyond` the end.
 * The last entry that was trimmed can: nothing after it is missing.
 */
export interface Gone {
  readonly type: 'gone';
  readonly reason: Exclude<ResyncReason, 'requested'>;
}
