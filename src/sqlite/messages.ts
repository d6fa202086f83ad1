import type { Outcome, Request } from './calls.ts';

/** What the store tells its worker. */
export type ToWorker<Sent = Request> =
  | { readonly type: 'group'; readonly requests: readonly Sent[] }
  | { readonly type: 'watch'; readonly on: boolean }
  | { readonly type: 'close' };

/** What the worker tells the store. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'outcomes'; readonly outcomes: readonly Outcome[] }
  /** Another process wrote in these sessions. */
  | { readonly type: 'changed'; readonly sessions: readonly string[] };
