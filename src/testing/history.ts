import type { EntryId, SessionEvent } from '../protocol/index.ts';
import type { EventAtId } from '../client/index.ts';

/** A recorded run: the posts, the acknowledged entries, what each reader received, and the final logs. */
export interface History {
  readonly posts: readonly Post[];
  readonly acknowledged: readonly Acknowledged[];
  readonly readers: readonly HistoryReader[];
  /**
   * The logs, read after all work had ended. A session without a log is judged only by what its readers saw.
   */
  readonly logs: readonly FinalLog[];
}

/** One try to send a message. */
export interface Post {
  readonly session: string;
  readonly principal: string;
  /** The idempotency key. */
  readonly key?: string;
  readonly content: unknown;
  readonly fate: Fate;
}

/** The result of a try. `lost`: there was no answer, and the message may have been accepted or not. */
export type Fate =
  | { readonly type: 'answered'; readonly message: string; readonly turn: string; readonly id: EntryId }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'lost' };

/** An entry that a store acknowledged. */
export interface Acknowledged {
  readonly session: string;
  readonly id: EntryId;
}

/** A reader of a session, with all its connections. */
export interface HistoryReader {
  readonly reader: string;
  readonly session: string;
  readonly principal: string;
  /** The id that it started after. */
  readonly after?: EntryId;
  /** Whether it still followed the session after all work had ended. */
  readonly stayed: boolean;
  readonly connections: readonly HistoryConnection[];
}

export interface HistoryConnection {
  readonly connection: string;
  /** All received events, in their order. */
  readonly received: readonly EventAtId[];
}

export interface FinalLog {
  readonly session: string;
  readonly owner: string;
  /** The entries of the log, oldest first. */
  readonly entries: readonly LoggedEntry[];
  /** The last trimmed entry. */
  readonly trimmed?: EntryId;
}

export interface LoggedEntry {
  readonly id: EntryId;
  readonly event: SessionEvent;
}
