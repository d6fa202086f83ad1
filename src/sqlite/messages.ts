import type { Request } from './calls.ts';
import type { Answered, SideBySide } from './side-by-side.ts';

/** What the store tells its worker. */
export type ToWorker<Sent = Request> =
  | ({ readonly type: 'group' } & SideBySide<Sent>)
  | { readonly type: 'watch'; readonly on: boolean }
  | { readonly type: 'close' };

/** What the worker tells the store. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly reason: string }
  | ({ readonly type: 'outcomes' } & Answered)
  /** Another process wrote in these sessions. */
  | { readonly type: 'changed'; readonly sessions: readonly string[] };
