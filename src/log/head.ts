/**
 * The small versioned state of a session, replaced in the same atomic step as an append.
 * Whoever wants to change it names the version it saw: so races are settled in the store, and nowhere else.
 */
export interface Head {
  /** 1 at creation, and one more at each replacement. */
  readonly version: number;
  /** The principal the session belongs to. */
  readonly owner: string;
  /** `once`: made by a one-shot stream; not listed among the owner's sessions. */
  readonly kind: 'session' | 'once';
  /** What a list shows: the start of the first message. */
  readonly title?: string;
  readonly createdAt: number;
  /** When a message was last sent or a turn last ended, in milliseconds since 1970. */
  readonly activeAt: number;
  readonly turn?: OpenTurn;
  /** Messages that wait for their turn, first come first. */
  readonly queue: readonly QueuedMessage[];
  /** Whether a node should be at work here: a turn is open or a message waits. */
  readonly due: boolean;
}

export interface OpenTurn {
  readonly turn: string;
  readonly message: string;
  readonly attempt: number;
  readonly cancelled?: true;
}

export interface QueuedMessage {
  readonly message: string;
  readonly turn: string;
}

/** A head as its writer gives it: the store counts the version. */
export type NextHead = Omit<Head, 'version'>;
