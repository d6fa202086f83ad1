import type { Content, Outcome, TurnError, Usage } from '../protocol/index.ts';

/** What to do with a message that comes while a turn runs, waits for approvals, or others wait. */
export type OnBusy = 'queue' | 'reject' | 'interrupt';

/**
 * What someone asks of a session. Names are minted by the caller and the time (`at`, milliseconds since 1970) is the caller's, so that deciding
 * stays pure.
 */
export type Command = CallerCommand | OwnerCommand;

/** From outside, on any node. */
export type CallerCommand =
  | {
      readonly type: 'message';
      readonly at: number;
      readonly message: string;
      readonly turn: string;
      readonly content: Content;
      readonly author?: string | undefined;
      readonly replaces?: string | undefined;
      readonly onBusy: OnBusy;
    }
  | { readonly type: 'cancel'; readonly at: number; readonly turn?: string | undefined }
  | { readonly type: 'withdraw'; readonly at: number; readonly message: string }
  | {
      readonly type: 'answer';
      readonly at: number;
      readonly approval: string;
      /** The turn that asks, as the caller knows it: an answer to an earlier turn is then too late. */
      readonly turn?: string | undefined;
      readonly decision: unknown;
      readonly author?: string | undefined;
    };

/** From the lease's owner only. */
export type OwnerCommand =
  /** The next message's turn begins. */
  | { readonly type: 'start'; readonly at: number }
  /** The open turn begins again after its node died. */
  | { readonly type: 'restart'; readonly at: number }
  /** Approvals whose time is over are closed. */
  | { readonly type: 'expire'; readonly at: number }
  | {
      readonly type: 'end';
      readonly at: number;
      readonly turn: string;
      readonly outcome: Outcome;
      readonly reason?: string | undefined;
      readonly usage?: Usage | undefined;
      readonly error?: TurnError | undefined;
      /** Where the outcome is `waiting`. */
      readonly waiting?:
        | { readonly approvals: readonly string[]; readonly next: string; readonly expiresAt: number }
        | undefined;
    };

/** A session that begins; it has no head yet to decide against. */
export interface Creation {
  readonly session: string;
  readonly owner: string;
  readonly kind: 'session' | 'once';
  readonly metadata?: unknown;
  readonly at: number;
}
