import type { Head, NextHead } from '../log/index.ts';
import type { RefusalCode, SessionEvent } from '../protocol/index.ts';

/** The result of a command: events and a head to append together, a refusal, or nothing to do. */
export type Decision =
  | Append
  | { readonly type: 'refuse'; readonly code: RefusalCode }
  | { readonly type: 'nothing' };

export interface Append {
  readonly type: 'append';
  readonly events: readonly SessionEvent[];
  readonly head: NextHead;
}

/** A head as it was read, or as an earlier decision leaves it. */
export type Before = Head | NextHead;
