import type { EntryId } from '../protocol/index.ts';

/**
 * One message and all turns that work on it: the first, and those that go on from its approvals. It is what
 * a stream of other people's clients shows.
 */
export interface Exchange {
  readonly session: string;
  /** The client's own name of the session, if it gave one. */
  readonly thread?: string;
  readonly message: string;
  /** The sender's own name of the message, if it gave one. */
  readonly ref?: string;
  /** The turn that the stream shows, and with whose end the stream ends. */
  readonly turn: string;
  /** The last entry before the message; undefined if the message is the first entry. A reading begins there. */
  readonly from: EntryId | undefined;
  /** Whether the stream also shows the exchange's turns before `turn`. */
  readonly whole?: true;
  /** A choice of the client that changes the frames. Readers of one variant share their text. */
  readonly variant?: string;
  /**
   * Parts that were discarded later, as `<turn>:<part>`. The projection leaves them out from the beginning.
   */
  readonly withdrawn?: ReadonlySet<string>;
}
