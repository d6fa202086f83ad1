import type { EntryId, SessionEvent } from '../protocol/index.ts';
import type { EventAtId } from '../client/index.ts';

/** What was asked, what was promised, what each reader saw, and what the logs hold in the end. */
export interface History {
  readonly posts: readonly Post[];
  readonly acknowledged: readonly Acknowledged[];
  readonly readers: readonly HistoryReader[];
  /** Read when everything had become quiet. A session without its log is judged only by what its readers saw. */
  readonly logs: readonly FinalLog[];
}

/** A message that was sent: once for each try. */
export interface Post {
  readonly session: string;
  readonly principal: string;
  /** The idempotency key. */
  readonly key?: string;
  readonly content: unknown;
  readonly fate: Fate;
}

/** What became of a try. `lost`: no answer came, and it may have been taken or not. */
export type Fate =
  | { readonly type: 'answered'; readonly message: string; readonly turn: string; readonly id: EntryId }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'lost' };

/** An entry that a store said it had taken. */
export interface Acknowledged {
  readonly session: string;
  readonly id: EntryId;
}

/** Somebody who follows a session, across connections. */
export interface HistoryReader {
  readonly reader: string;
  readonly session: string;
  readonly principal: string;
  /** The id it began after. */
  readonly after?: EntryId;
  /** Whether it still followed when everything had become quiet. */
  readonly stayed: boolean;
  readonly connections: readonly HistoryConnection[];
}

export interface HistoryConnection {
  readonly connection: string;
  /** In the order in which it came, with nothing left out. */
  readonly received: readonly EventAtId[];
}

export interface FinalLog {
  readonly session: string;
  readonly owner: string;
  /** What is kept, oldest first. */
  readonly entries: readonly LoggedEntry[];
  /** The last entry that was trimmed away. */
  readonly trimmed?: EntryId;
}

export interface LoggedEntry {
  readonly id: EntryId;
  readonly event: SessionEvent;
}
