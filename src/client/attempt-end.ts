import type { ClientError } from './client-error.ts';

/** How one attempt at a request or a stream ended. */
export type AttemptEnd =
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
  /** The answer came from something else, such as a sign-in page; or not even its headers came, and there is no other way. */
  | { readonly type: 'strange'; readonly error: ClientError }
  /** Its headers, or the bytes that follow them at once, do not come: something on the way holds the stream back, or `fetch` itself. */
  | { readonly type: 'held'; readonly error: ClientError }
  /** Polled for long enough to look whether streams pass by now. */
  | { readonly type: 'rested' }
  /** Entries were missing between the last one and the next. */
  | { readonly type: 'gap'; readonly error: ClientError }
  /** A status other than the one asked for. */
  | {
      readonly type: 'refused';
      readonly status: number;
      /** Whether a Heddle server says so in its own words, and not a proxy, a portal, or whatever stands there during a deploy. */
      readonly isOwn: boolean;
      readonly retryAfterMs?: number;
      readonly error: ClientError;
    }
  /** Trying again would not be safe, or would not help. */
  | { readonly type: 'broken'; readonly error: ClientError };
