import type { StoreCall } from './calls.ts';
import type { GroupReply, SideBySide } from './side-by-side.ts';

/** The messages from the store to its worker. */
export type ToWorker<Sent = StoreCall> =
  | ({ readonly type: 'group' } & SideBySide<Sent>)
  | {
      readonly type: 'watch';
      readonly on: boolean;
      /** The newest row when the watch was asked for. Rows that were written after it are reported too. */
      readonly since: number | undefined;
    }
  | { readonly type: 'close' };

/** The messages from the worker to the store. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly reason: string }
  | ({ readonly type: 'outcomes' } & GroupReply)
  /** Another process wrote to these sessions. */
  | { readonly type: 'changed'; readonly sessions: readonly string[] };
