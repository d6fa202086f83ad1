import type { DialectReply, Refusal } from './dialect-reply.ts';
import type { Intent } from './intent.ts';

/**
 * One route of a dialect. The server checks host, origin, auth and limits as on its own routes, and performs
 * what the request wants.
 */
export interface DialectRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A path of literal and named segments: `/ai/:thread/stream`. A named one is decoded into `params`. */
  readonly path: string;
  /** Whether the route acts. Pages of other sites may not call it then. */
  readonly acts: boolean;
  /** Whether the route may return a stream, which counts until it ends. */
  readonly streams?: true;
  /** Whether the route needs no auth. Such a route can only `reply`. */
  readonly open?: true;
  /** Content types of a body beside `application/json`. The body is JSON in any case. */
  readonly types?: readonly string[];
  /** Returns what a request wants. It is pure. Throws a RefusalError. */
  decode(request: DialectRequest): Intent;
  /**
   * Returns a refusal in the words of these clients, also if the server refused before `decode`. Without it,
   * clients get problem details (RFC 9457).
   */
  refuse?(refusal: Refusal, request: DialectRequest | undefined): DialectReply;
}

/** A request as a dialect sees it: plain data. */
export interface DialectRequest {
  /** The named segments of the path, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /**
   * The URL below which the dialect's paths are, as far as the request shows it: by its host, and by
   * `X-Forwarded-Proto`. The caller can forge it, so it may only be shown to the caller.
   */
  readonly base?: string;
  /** The JSON object of the body; empty without a body. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Present if this server delivers webhooks. */
  readonly webhooks?: true;
  /** Returns a header's value by its lower-case name. */
  header(name: string): string | undefined;
}
