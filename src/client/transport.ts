import { headers as names } from '../protocol/index.ts';
import type { FetchInit, FetchLike, FetchResponse } from './fetch-like.ts';
import { toFreshUrl } from './fresh-url.ts';
import { isNetworkError, toBadRequest, toFlaw } from './flaw.ts';
import type { Timing } from './timing.ts';

export type RequestHeaders =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/** How long Node's `fetch` accepts a silent response, in milliseconds. */
const nodeLimitMs = 300_000;

export interface ClientRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The path and query after the server's URL: `/session`. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  /** The idempotency key. */
  readonly key?: string;
}

/** Sends requests to one server. */
export interface Transport {
  readonly timing: Timing;
  readonly isHeddle?: true;
  /** Whether the headers are made anew for each request. */
  readonly renewable: boolean;
  send(
    ask: ClientRequest,
    signal: AbortSignal,
    more?: Readonly<Record<string, string>>,
  ): Promise<FetchResponse>;
}

export interface TransportOptions {
  readonly url: string;
  readonly headers: RequestHeaders | undefined;
  readonly fetch: FetchLike | undefined;
  readonly redirect: FetchInit['redirect'];
  readonly timing: Timing;
  /** Whether this is a Heddle server, as opposed to a server of any make. */
  readonly isHeddle?: true;
}

/** Creates a transport. Throws a TypeError if its URL is not usable. */
export function createTransport({
  url,
  headers,
  fetch,
  redirect,
  timing,
  isHeddle,
}: TransportOptions): Transport {
  const { base, login } = splitLogin(url);
  // With such a URL every attempt would fail like a dead network, and the client would retry for ever.
  if (fetch === undefined && !isReachable(base)) {
    throw new TypeError(`A url such as 'http://127.0.0.1:8000' is needed, not '${base}'.`);
  }
  // Node's `fetch` has a time limit of its own. It matters only if this client's limit is as long.
  const patience =
    timing.readTimeoutMs >= nodeLimitMs && globalThis.process?.versions?.['undici'] !== undefined
      ? import('./node-patience.ts').then(({ createPatience }) => createPatience())
      : undefined;
  const doFetch: FetchLike = fetch ?? ((...args) => globalThis.fetch(...args));

  return {
    timing,
    ...(isHeddle && { isHeddle }),
    // A server may ask for the login of the URL only after a first 401.
    renewable: typeof headers === 'function' || login !== undefined,
    async send({ method, path, body, key }, signal, more) {
      const init: FetchInit = {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(login !== undefined && { authorization: login }),
          ...(await readHeaders(headers)),
          ...(key !== undefined && { [names.idempotencyKey]: key }),
          ...more,
        },
        ...(body !== undefined && { body }),
        signal,
        redirect,
        cache: 'no-store',
        ...(await patience),
      };
      try {
        return await doFetch(isHeddle ? toFreshUrl(base + path, init, key) : base + path, init);
      } catch (cause) {
        throw (signal.aborted ? undefined : toFlaw(init)) ?? cause;
      }
    },
  };
}

/** Takes the login out of a URL, because `fetch` refuses a URL that has one. */
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

/** Encodes the UTF-8 bytes of the text (RFC 7617). */
function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/**
 * Returns whether a server may answer at this URL. A relative URL needs a page. Only http can be streamed.
 */
function isReachable(base: string): boolean {
  if (/^https?:\/\//i.test(base)) return URL.canParse(base);
  return typeof location === 'object' && !/^[^/?#]*:/.test(base);
}

/**
 * Returns the application's own headers. Only the application can mend its error, unless the network failed.
 */
async function readHeaders(headers: RequestHeaders = {}): Promise<Record<string, string>> {
  try {
    const own = typeof headers === 'function' ? await headers() : headers;
    // Two spellings of one name would both be sent.
    return Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
  } catch (cause) {
    if (isNetworkError(cause)) throw cause;
    throw toBadRequest('The headers could not be read', cause);
  }
}
