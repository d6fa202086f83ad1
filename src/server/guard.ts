import { RefusalError } from '../protocol/index.ts';
import type { ServerRequest } from './server-request.ts';
import { noPage, tellHost, tellOrigin, tellSite } from './guard-words.ts';
import { toHost, toHostNames, toUnnamedPort } from './host-names.ts';
import { toOrigins } from './origins.ts';

export interface GuardOptions {
  /**
   * Host names this server answers to, beside localhost and the loopback addresses: `example.com`, with a
   * port or for any; `*.example.com` for all names below one; `*` for any name.
   * @default []
   */
  readonly hosts?: readonly string[];
  /**
   * Origins of other sites, of apps and of extensions whose pages may use this server: `https://example.com`,
   * `capacitor://localhost`, `chrome-extension://<id>`.
   * @default []
   */
  readonly origins?: readonly string[];
}

export interface Guard {
  /** Refuses host names that are not this server's: under DNS rebinding nothing else tells a hostile page from a friend. */
  checkHost(request: ServerRequest): void;
  /** Refuses what a page of another site made the browser send. For requests that do something. */
  checkOrigin(request: ServerRequest): void;
  /** Refuses what does not say which page it comes from. For requests that do something, on the word of a cookie. */
  checkPage(request: ServerRequest): void;
  /** Whether an origin is this server's own, as it looks to browsers, as far as the request shows. */
  isOwn(request: ServerRequest, origin: string): boolean;
  /** CORS headers for a page that was named in `origins`; never reflected, never for `null`. */
  corsHeaders(request: ServerRequest): Readonly<Record<string, string>>;
}

/** Makes the guard; throws a TypeError where a host name or an origin is none. */
export function createGuard({ hosts = [], origins = [] }: GuardOptions): Guard {
  const names = toHostNames(hosts);
  const allowed = toOrigins(origins);

  const isOwn = (request: ServerRequest, origin: string): boolean => {
    const page = toPage(origin);
    if (page === undefined) return false;
    const site = request.header('sec-fetch-site');
    if (site === 'same-site' || site === 'cross-site') return false;
    // The browser has compared the page with the URL it asks for, and no page can write this header. So a
    // name this server was told is its own, whatever a proxy made of Host and ports. Another name may be one
    // that was rebound.
    if (site === 'same-origin' && names.has(toHost(page.host))) return true;
    return isSame(page, request.header('host') ?? '');
  };

  return {
    checkHost: (request) => {
      const host = request.header('host') ?? '';
      if (!names.has(toHost(host))) throw new RefusalError('forbidden_host', tellHost(host, names));
    },
    checkOrigin: (request) => {
      const origin = request.header('origin');
      const site = request.header('sec-fetch-site');
      if (origin !== undefined) {
        if (allowed.has(origin) || isOwn(request, origin)) return;
        const seen = { origin, name: toPage(origin)?.host, host: request.header('host') ?? '', site };
        throw new RefusalError('forbidden_origin', tellOrigin(seen));
      }
      // Images, frames, forms and links send no Origin on GET; this header names them (Fetch Metadata). Programs send neither.
      if (site !== undefined && site !== 'same-origin' && site !== 'none')
        throw new RefusalError('forbidden_origin', tellSite(site));
    },
    checkPage: (request) => {
      if (request.header('origin') === undefined && request.header('sec-fetch-site') === undefined)
        throw new RefusalError('forbidden_origin', noPage);
    },
    isOwn,
    corsHeaders: (request) => {
      if (allowed.size === 0) return {};
      const origin = request.header('origin');
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

/** A page that this server could have sent; those of apps and extensions have no host in this sense. */
function toPage(origin: string): URL | undefined {
  const url = URL.parse(origin);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.origin === origin
    ? url
    : undefined;
}

/**
 * Whether a page's origin and a Host header name the same. The scheme is not compared: a proxy in front may
 * speak TLS. A page of https, and so behind one, may have any port where Host has none: the proxy has left it
 * out. Over http that could as well be the page of another server on the same machine.
 */
function isSame(page: URL, header: string): boolean {
  const host = toHost(header);
  if (host?.name !== page.hostname) return false;
  return host.port === toUnnamedPort(page.port) || (host.port === '' && page.protocol === 'https:');
}
