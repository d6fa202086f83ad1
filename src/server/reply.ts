import type { Stop } from '../log/index.ts';
import type { RefusalCode } from '../protocol/index.ts';
import type { Sink } from '../readers/index.ts';

/** What the server answers: a whole body, or a stream that the caller opens where it can write. */
export type Reply = WholeReply | StreamReply;

export interface WholeReply {
  readonly type: 'whole';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Why it is a refusal, where it is one. */
  readonly code?: RefusalCode;
  /** No route has this path: a framework this server is mounted in may know it. */
  readonly unrouted?: true;
}

export interface StreamReply {
  readonly type: 'stream';
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  /** Begins to write, at once and in this call. The caller stops it when the other side goes away. */
  open(sink: Sink): Stop;
}

/** Sent with every answer, errors too. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** An answer in JSON that no cache keeps. */
export function json(
  status: number,
  body: unknown,
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
    body: JSON.stringify(body),
  };
}

/** An answer without a body. */
export function empty(status: number): WholeReply {
  return { type: 'whole', status, headers: { 'cache-control': 'private, no-store' } };
}

/** Sends the caller to another path of this server, with the same method. */
export function redirect(location: string): WholeReply {
  return { type: 'whole', status: 308, headers: { location, 'cache-control': 'private, no-store' } };
}
