import type { ClientError } from './client-error.ts';

/** How one attempt at a request or a stream ended. */
export type Ended =
  /** There is no more to come. */
  | { readonly type: 'over' }
  /** No answer, or any end without a terminal event. A clean end is no better: proxies and dying servers make them. */
  | {
      readonly type: 'lost';
      readonly liveMs: number;
      readonly retryMs?: number;
      /** Whether the body ended as it should. */
      readonly isClean?: true;
      readonly error: ClientError;
    }
  /** The answer came from something else, such as a sign-in page; or not even its headers came. */
  | { readonly type: 'strange'; readonly error: ClientError }
  /** Headers came and then not the bytes that follow at once: something on the way holds the stream back. */
  | { readonly type: 'held'; readonly error: ClientError }
  /** Polled for long enough to look whether streams pass by now. */
  | { readonly type: 'rested' }
  /** Entries were missing between the last one and the next. */
  | { readonly type: 'gap'; readonly error: ClientError }
  /** A status other than the one asked for. */
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly retryAfterMs?: number;
      readonly error: ClientError;
    }
  /** Trying again would not be safe, or would not help. */
  | { readonly type: 'broken'; readonly error: ClientError };
