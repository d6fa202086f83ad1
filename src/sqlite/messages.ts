import type { StoreCall } from './calls.ts';
import type { GroupReply, SideBySide } from './side-by-side.ts';

/** What the store tells its worker. */
export type ToWorker<Sent = StoreCall> =
  | ({ readonly type: 'group' } & SideBySide<Sent>)
  | { readonly type: 'watch'; readonly on: boolean }
  | { readonly type: 'close' };

/** What the worker tells the store. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly reason: string }
  | ({ readonly type: 'outcomes' } & GroupReply)
  /** Another process wrote in these sessions. */
  | { readonly type: 'changed'; readonly sessions: readonly string[] };
