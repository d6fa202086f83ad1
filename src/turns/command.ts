import type { Content, Outcome, PastMessage, TurnError, Usage } from '../protocol/index.ts';

/**
 * The way to treat a message that arrives while a turn runs, approvals are open, or other messages wait.
 * `supersede` interrupts if approvals are open, or if the open turn answers the message that the sender has
 * `seen`. Otherwise it queues.
 */
export type OnBusy = 'queue' | 'reject' | 'interrupt' | 'supersede';

/**
 * A request to change a session. The caller mints the names and sets the time (`at`, milliseconds since
 * 1970), so that `decide` stays pure.
 */
export type Command = CallerCommand | HolderCommand;

/** A command from outside the engine, on any node. */
export type CallerCommand =
  | {
      readonly type: 'message';
      readonly at: number;
      readonly message: string;
      readonly turn: string;
      readonly content: Content;
      /** The sender's own names of the message and of its turn. */
      readonly ref?: string | undefined;
      readonly run?: string | undefined;
      readonly author?: string | undefined;
      readonly replaces?: string | undefined;
      readonly onBusy: OnBusy;
      /** For `supersede`: the message whose answer the sender has seen begin. */
      readonly seen?: string | undefined;
    }
  | { readonly type: 'cancel'; readonly at: number; readonly turn?: string | undefined }
  | { readonly type: 'withdraw'; readonly at: number; readonly message: string }
  /** Gives the session an outbox, if it has none, or in place of one that was lost. */
  | {
      readonly type: 'link';
      readonly at: number;
      readonly outbox: string;
      readonly instead?: string | undefined;
    }
  | {
      readonly type: 'answer';
      readonly at: number;
      readonly approval: string;
      /**
       * The turn that waits, as far as the caller knows. If another turn waits by then, the answer is too
       * late.
       */
      readonly turn?: string | undefined;
      readonly decision: unknown;
      readonly author?: string | undefined;
      /** The sender's own name of the turn that goes on. The turn takes it from the last answer. */
      readonly run?: string | undefined;
    };

/** A command from the holder of the session's lease. */
export type HolderCommand =
  /** Starts the turn of the next message. */
  | { readonly type: 'start'; readonly at: number }
  /** Starts the open turn again after its node died. */
  | { readonly type: 'restart'; readonly at: number }
  /** Notes that the outbox was told of the session's change. */
  | { readonly type: 'told'; readonly at: number }
  /** Closes approvals that have expired. */
  | { readonly type: 'expire'; readonly at: number }
  | {
      readonly type: 'end';
      readonly at: number;
      readonly turn: string;
      readonly outcome: Outcome;
      readonly reason?: string | undefined;
      readonly usage?: Usage | undefined;
      readonly error?: TurnError | undefined;
      /** Given if the outcome is `waiting`. */
      readonly waiting?:
        | { readonly approvals: readonly string[]; readonly next: string; readonly expiresAt: number }
        | undefined;
    };

/** A new session. It has no head yet to decide against. */
export interface Creation {
  readonly session: string;
  readonly owner: string;
  readonly kind: 'session' | 'once';
  /** No client can answer approvals in this session, so they expire at once. */
  readonly unattended?: true | undefined;
  readonly metadata?: unknown;
  /**
   * A conversation that took place elsewhere, oldest message first. It comes before the first message of the
   * session, and none of it runs. The newest messages are kept: at most 1,000, with at most 10,000 parts and
   * 4 Mi characters of JSON. Contents, inputs and outputs that are too long for one event are cut.
   */
  readonly past?: readonly PastMessage[] | undefined;
  readonly at: number;
}
