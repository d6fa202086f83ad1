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
  /** The approvals that the last turn asked for, until all are answered. */
  readonly waiting?: Waiting;
  /** Messages that wait for their turn, first come first. */
  readonly queue: readonly QueuedMessage[];
  /**
   * From when on a node should be at work here, in milliseconds since 1970: at once where a turn is open or a message can start, later where
   * something runs out (approvals, a one-shot session). Absent where there is nothing to do.
   */
  readonly dueAt?: number;
}

export interface OpenTurn {
  readonly turn: string;
  readonly message: string;
  readonly attempt: number;
  /** The turn whose approvals were answered, where this one goes on from it. */
  readonly resumes?: string;
  readonly cancelled?: true;
}

export interface Waiting {
  /** The turn that asked. */
  readonly turn: string;
  readonly message: string;
  readonly approvals: readonly { readonly approval: string; readonly answered: boolean }[];
  /** The turn that goes on when all are answered. */
  readonly next: string;
  /** When unanswered ones run out, in milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface QueuedMessage {
  readonly message: string;
  readonly turn: string;
  readonly resumes?: string;
}

/** A head as its writer gives it: the store counts the version. */
export type NextHead = Omit<Head, 'version'>;

/** Whether there is a turn that runs or can start. */
export function isBusy({ turn, queue, waiting }: NextHead): boolean {
  return turn !== undefined || (queue.length > 0 && waiting === undefined);
}
