import type { ClientError } from './client-error.ts';

/** How one attempt at a request or a stream ended. */
export type AttemptEnd =
  /** Nothing more will come. */
  | { readonly type: 'over' }
  /** No response, or an end without a terminal event. A clean end may come from a proxy or a dying server. */
  | {
      readonly type: 'lost';
      readonly liveMs: number;
      readonly retryMs?: number;
      /** Whether the body ended cleanly. */
      readonly isClean?: true;
      /**
       * Whether the connection was silent for too long after it had brought bytes, or brought none at all.
       */
      readonly isSilent?: true;
      readonly error: ClientError;
    }
  /**
   * No headers came in the time in which such a request is answered. The connection may have died in silence,
   * as those of a pool do, and another one may work.
   */
  | { readonly type: 'unanswered'; readonly error: ClientError }
  /** Something else answered, such as a sign-in page. */
  | { readonly type: 'strange'; readonly error: ClientError }
  /** The headers, or the first bytes after them, do not come. A proxy, or `fetch` itself, holds them back. */
  | { readonly type: 'held'; readonly error: ClientError }
  /** Polling has lasted long enough: the client now checks whether streams pass. */
  | { readonly type: 'rested' }
  /** Entries are missing between the last one and the next. */
  | { readonly type: 'gap'; readonly error: ClientError }
  /** The status is not the expected one. */
  | {
      readonly type: 'refused';
      readonly status: number;
      /**
       * Whether a Heddle server refused, with one of its codes. Other refusals come from a proxy, a portal,
       * or whatever responds during a deploy.
       */
      readonly isOwn: boolean;
      readonly retryAfterMs?: number;
      readonly error: ClientError;
    }
  /** A retry would not be safe, or would not help. */
  | { readonly type: 'broken'; readonly error: ClientError };
