import type { Content, Outcome, TurnError, Usage } from '../protocol/index.ts';

/** What to do with a message that comes while a turn runs or others wait. */
export type OnBusy = 'queue' | 'reject' | 'interrupt';

/** What someone asks of a session. Names (message, turn) are minted by the caller, so that deciding stays pure. */
export type Command =
  | {
      readonly type: 'message';
      readonly message: string;
      readonly turn: string;
      readonly content: Content;
      readonly author?: string | undefined;
      readonly onBusy: OnBusy;
      readonly at: number;
    }
  | { readonly type: 'cancel'; readonly turn?: string | undefined }
  | { readonly type: 'withdraw'; readonly message: string }
  /** The next message's turn begins. Only the lease's owner sends this and the two below. */
  | { readonly type: 'start'; readonly at: number }
  /** The open turn begins again after its node died. */
  | { readonly type: 'restart'; readonly at: number }
  | {
      readonly type: 'end';
      readonly turn: string;
      readonly outcome: Outcome;
      readonly reason?: string | undefined;
      readonly usage?: Usage | undefined;
      readonly error?: TurnError | undefined;
      readonly at: number;
    };

/** A session that begins; it has no head yet to decide against. */
export interface Creation {
  readonly session: string;
  readonly owner: string;
  readonly kind: 'session' | 'once';
  readonly metadata?: unknown;
  readonly at: number;
}
