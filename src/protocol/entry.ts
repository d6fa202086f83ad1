import type { SessionEvent } from './events.ts';
import type { EntryId } from './id.ts';

/**
 * An event at its place in a session's log. `at` is in milliseconds since 1970 and is for display only: the
 * order is the seq in the id.
 */
export interface Entry {
  readonly id: EntryId;
  readonly at: number;
  readonly event: SessionEvent;
}
