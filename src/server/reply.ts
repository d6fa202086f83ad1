import type { Stop } from '../log/index.ts';
import type { RefusalCode } from '../protocol/index.ts';
import type { Sink } from '../readers/index.ts';

/** The reply of the server: a whole body, or a stream that the caller opens on a sink. */
export type Reply = WholeReply | StreamReply;

export interface WholeReply {
  readonly type: 'whole';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The code of the refusal, if it is one. */
  readonly code?: RefusalCode;
  /** No route has this path. A framework that this server is mounted in may have one. */
  readonly unrouted?: true;
}

export interface StreamReply {
  readonly type: 'stream';
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The stream has no end of its own: it follows a session. Its connection need not serve a request after it.
   */
  readonly isLasting?: boolean;
  /** Begins to write within this call. The caller calls the returned function when the client leaves. */
  open(sink: Sink): Stop;
}

/** Sent with every reply, errors included. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** Creates a JSON reply that no cache stores. */
export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WholeReply {
  return jsonText(status, JSON.stringify(body), headers);
}

/** Creates a reply of JSON text that no cache stores. */
export function jsonText(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): WholeReply {
  return {
    type: 'whole',
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'private, no-store',
      ...headers,
    },
    body,
  };
}

/** Creates a reply without a body. */
export function empty(status: number): WholeReply {
  return { type: 'whole', status, headers: { 'cache-control': 'private, no-store' } };
}

/** Redirects the client to another path of this server, with the same method. */
export function redirect(location: string): WholeReply {
  return { type: 'whole', status: 308, headers: { location, 'cache-control': 'private, no-store' } };
}
