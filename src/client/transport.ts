import { headers as names } from '../protocol/index.ts';
import type { RequestHeaders } from './client.ts';
import type { FetchLike, FetchResponse } from './fetch-like.ts';
import type { Timing } from './timing.ts';

export interface Ask {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the routes on: `/session`. */
  readonly path: string;
  /** Becomes JSON. */
  readonly body?: unknown;
  /** The idempotency key. */
  readonly key?: string;
}

/** Sends requests to one server. */
export interface Transport {
  readonly timing: Timing;
  /** Whether the headers are made anew for each request. */
  readonly renewable: boolean;
  send(ask: Ask, signal: AbortSignal, more?: Readonly<Record<string, string>>): Promise<FetchResponse>;
}

/** Makes a transport; throws a TypeError where its URL cannot be used. */
export function createTransport(
  url: string,
  own: RequestHeaders | undefined,
  fetch: FetchLike | undefined,
  timing: Timing,
): Transport {
  const base = url.replace(/\/+$/, '');
  // Without an origin every attempt would fail like a dead network and be tried for ever.
  if (!/^https?:\/\//.test(base) && fetch === undefined && !('location' in globalThis)) {
    throw new TypeError(`createClient() needs a url such as 'http://127.0.0.1:8000', not '${url}'.`);
  }
  const doFetch: FetchLike = fetch ?? ((...args) => globalThis.fetch(...args));

  return {
    timing,
    renewable: typeof own === 'function',
    async send({ method, path, body, key }, signal, more) {
      const mine = typeof own === 'function' ? await own() : own;
      return doFetch(base + path, {
        method,
        headers: {
          ...mine,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { [names.idempotencyKey]: key }),
          ...more,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal,
        redirect: 'error',
        cache: 'no-store',
      });
    },
  };
}
