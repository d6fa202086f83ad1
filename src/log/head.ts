/**
 * The small versioned state of a session, replaced in the same atomic step as an append. A writer that
 * changes the head names the version it read. So the store alone settles races.
 */
export interface Head {
  /** 1 at creation, and one more at each replacement. */
  readonly version: number;
  /** The owner of the session. */
  readonly owner: string;
  /**
   * `once`: created by a one-shot stream, and not listed among the owner's sessions. `outbox`: keeps the
   * webhooks of another session. No caller owns it.
   */
  readonly kind: 'session' | 'once' | 'outbox';
  /** No client can answer approvals in this session, so they expire at once. */
  readonly unattended?: true;
  /** The title in a list: the start of the first message. */
  readonly title?: string;
  readonly createdAt: number;
  /** When a message was last sent or a turn last ended, in milliseconds since 1970. */
  readonly activeAt: number;
  readonly turn?: OpenTurn;
  /** The approvals that the last turn asked for, until all are answered. */
  readonly waiting?: Waiting;
  /** The messages that wait for their turn, oldest first. */
  readonly queue: readonly QueuedMessage[];
  /** Present once a webhook was registered in this session. */
  readonly outbox?: OutboxLink;
  /** Present in a session of kind `outbox`. */
  readonly post?: OutboxPost;
  /**
   * The time from which a node should work on this session, in milliseconds since 1970. It is now if a turn
   * is open, a message can start or the outbox must be told. It is later if something expires (approvals, a
   * one-shot session). Absent if there is nothing to do.
   */
  readonly dueAt?: number;
}

export interface OpenTurn {
  readonly turn: string;
  readonly message: string;
  readonly attempt: number;
  /** The turn whose approvals were answered, if this turn goes on from it. */
  readonly resumes?: string;
  /** The name that the sender of the message, or of the last answer, gave the turn. */
  readonly run?: string;
  readonly cancelled?: true;
}

export interface Waiting {
  /** The turn that asked for the approvals. */
  readonly turn: string;
  readonly message: string;
  /** The name that the turn's sender gave it. */
  readonly run?: string;
  readonly approvals: readonly { readonly approval: string; readonly answered: boolean }[];
  /** The turn that goes on when all approvals are answered. */
  readonly next: string;
  /** When unanswered approvals expire, in milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface QueuedMessage {
  readonly message: string;
  readonly turn: string;
  readonly resumes?: string;
  readonly run?: string;
}

/** Names the session of kind `outbox` that keeps the webhooks of this one. */
export interface OutboxLink {
  readonly session: string;
  /** The session has changed, and its outbox was not told yet. */
  readonly hasNews?: true;
}

/** The content of an outbox. */
export interface OutboxPost {
  /** The session whose webhooks these are. */
  readonly of: string;
  /** Counts how often that session has told its outbox that it changed. */
  readonly news: number;
  /** The webhooks as JSON text. It has secrets, so it stands in no log. */
  readonly text: string;
}

/** A head as its writer passes it. The store counts the version. */
export type NextHead = Omit<Head, 'version'>;

/** Returns whether a turn runs or can start. */
export function isBusy({ turn, queue, waiting }: NextHead): boolean {
  return turn !== undefined || (queue.length > 0 && waiting === undefined);
}
