import { headers as names } from '../protocol/index.ts';
import type { RequestHeaders } from './client.ts';
import type { FetchLike, FetchResponse } from './fetch-like.ts';
import type { Timing } from './timing.ts';

export interface Ask {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the routes on: `/session`. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
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

export interface TransportOptions {
  readonly url: string;
  readonly headers: RequestHeaders | undefined;
  readonly fetch: FetchLike | undefined;
  readonly redirect: 'error' | 'follow';
  readonly timing: Timing;
}

/** Makes a transport; throws a TypeError where its URL cannot be used. */
export function createTransport({ url, headers, fetch, redirect, timing }: TransportOptions): Transport {
  const { base, login } = splitLogin(url);
  // Without an origin every attempt would fail like a dead network and be tried for ever.
  if (!/^https?:\/\//.test(base) && fetch === undefined && !('location' in globalThis)) {
    throw new TypeError(`A url such as 'http://127.0.0.1:8000' is needed, not '${url}'.`);
  }
  const doFetch: FetchLike = fetch ?? ((...args) => globalThis.fetch(...args));

  return {
    timing,
    // A login in the URL may be what a server asks for only after a first 401.
    renewable: typeof headers === 'function' || login !== undefined,
    async send({ method, path, body, key }, signal, more) {
      const own = typeof headers === 'function' ? await headers() : headers;
      return doFetch(base + path, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(login !== undefined && { authorization: login }),
          ...toLowerCase(own),
          ...(key !== undefined && { [names.idempotencyKey]: key }),
          ...more,
        },
        ...(body !== undefined && { body }),
        signal,
        redirect,
        cache: 'no-store',
      });
    },
  };
}

/** Takes the login out of a URL: `fetch` refuses one that has it. */
function splitLogin(url: string): { readonly base: string; readonly login?: string } {
  const [, scheme, login, rest] = /^(https?:\/\/)([^/?#@]*)@(.*)$/s.exec(url) ?? [];
  if (scheme === undefined || login === undefined || rest === undefined) return { base: url };
  return { base: scheme + rest, login: `Basic ${toBase64(decodeLogin(login))}` };
}

function decodeLogin(login: string): string {
  try {
    return decodeURIComponent(login);
  } catch (cause) {
    throw new TypeError('The login in the url is not percent-encoded as it should be.', { cause });
  }
}

/** Of the text in UTF-8 (RFC 7617). */
function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Two spellings of one name would both be sent. */
function toLowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
