import { RefusalError } from '../protocol/index.ts';
import type { Ask } from './ask.ts';

export interface GuardOptions {
  /**
   * Host names this server answers to, beside localhost and the loopback addresses; `*` for any.
   * @default []
   */
  readonly hosts?: readonly string[];
  /** Origins of other sites whose pages may use this server, as `https://example.com`. @default [] */
  readonly origins?: readonly string[];
}

export interface Guard {
  /** Refuses host names that are not this server's: under DNS rebinding nothing else tells a hostile page from a friend. */
  checkHost(ask: Ask): void;
  /** Refuses what a page of another site made the browser send. For requests that do something. */
  checkOrigin(ask: Ask): void;
  /** Refuses what does not say which page it comes from. For requests that do something, on the word of a cookie. */
  checkPage(ask: Ask): void;
  /** CORS headers for a page that was named in `origins`; never reflected, never for `null`. */
  corsHeaders(ask: Ask): Readonly<Record<string, string>>;
}

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** Makes the guard; throws a TypeError where an origin is not one. */
export function createGuard({ hosts = [], origins = [] }: GuardOptions): Guard {
  for (const origin of origins) {
    // A star would look as if it stood for something.
    if (URL.parse(origin)?.origin !== origin || origin.includes('*')) {
      throw new TypeError(`origins: "${origin}" is not an origin; write it like https://example.com`);
    }
  }
  const names = new Set([...loopback, ...hosts.map((host) => host.toLowerCase())]);
  const allowed = new Set(origins);

  return {
    checkHost: (ask) => {
      if (names.has('*')) return;
      const host = ask.header('host')?.toLowerCase() ?? '';
      const name = host.replace(/:\d+$/, '');
      if (!names.has(name) && !names.has(host)) {
        throw new RefusalError(
          'forbidden_host',
          `This server does not answer to the host name "${name.slice(0, 100)}".`,
        );
      }
    },
    checkOrigin: (ask) => {
      const origin = ask.header('origin');
      if (origin !== undefined) {
        if (allowed.has(origin)) return;
        // The scheme is not compared: a proxy in front may speak TLS.
        if (URL.canParse(origin) && new URL(origin).host === ask.header('host')?.toLowerCase()) return;
        throw new RefusalError('forbidden_origin');
      }
      // Images, frames, forms and links send no Origin on GET; this header names them (Fetch Metadata). Programs send neither.
      const site = ask.header('sec-fetch-site');
      if (site !== undefined && site !== 'same-origin' && site !== 'none')
        throw new RefusalError('forbidden_origin');
    },
    checkPage: (ask) => {
      if (ask.header('origin') === undefined && ask.header('sec-fetch-site') === undefined)
        throw new RefusalError('forbidden_origin');
    },
    corsHeaders: (ask) => {
      if (allowed.size === 0) return {};
      const origin = ask.header('origin');
      if (origin === undefined || !allowed.has(origin)) return { vary: 'origin' };
      return {
        vary: 'origin',
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': 'content-type, idempotency-key, last-event-id, authorization',
        'access-control-expose-headers': 'retry-after',
        'access-control-max-age': '600',
        'cross-origin-resource-policy': 'cross-origin',
      };
    },
  };
}
