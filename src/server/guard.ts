import { headers, RefusalError } from '../protocol/index.ts';
import type { ServerRequest } from './server-request.ts';
import { noPage, tellHost, tellOrigin, tellSite } from './guard-words.ts';
import { toHost, toHostNames, toUnnamedPort } from './host-names.ts';
import { toOrigins } from './origins.ts';

/** The headers that pages of other origins may send and read, in addition to those of Heddle's own clients. */
export interface CorsHeaders {
  readonly allow: readonly string[];
  readonly expose: readonly string[];
}

export interface GuardOptions {
  /**
   * Host names that this server answers to, in addition to localhost and the loopback addresses:
   * `example.com`, with one port or for any port; `*.example.com` for all names below it; `*` for any name.
   * @default []
   */
  readonly hosts?: readonly string[];
  /**
   * Origins of other sites, apps and extensions whose pages may use this server: `https://example.com`,
   * `capacitor://localhost`, `chrome-extension://<id>`.
   * @default []
   */
  readonly origins?: readonly string[];
}

export interface Guard {
  /**
   * Refuses host names that are not this server's. Under DNS rebinding only the host name distinguishes a
   * hostile page from a friendly one.
   */
  checkHost(request: ServerRequest): void;
  /** Refuses requests that a page of another site made the browser send. For requests that act. */
  checkOrigin(request: ServerRequest): void;
  /**
   * Refuses requests that do not name the page they come from. For requests that act and are authenticated by
   * a cookie.
   */
  checkPage(request: ServerRequest): void;
  /**
   * Returns whether an origin is this server's own, as browsers see it and as far as the request shows it.
   */
  isOwn(request: ServerRequest, origin: string): boolean;
  /**
   * Returns whether a read may come from a page of an origin; '' stands for this server's own pages.
   */
  isFrom(request: ServerRequest, origin: string): boolean;
  /**
   * Returns the CORS headers for an origin in the option `origins`. No origin is reflected, and `null` is
   * never allowed.
   */
  corsHeaders(request: ServerRequest): Readonly<Record<string, string>>;
}

/** The headers of Heddle's own clients. */
const ownCors: CorsHeaders = {
  allow: ['content-type', 'idempotency-key', 'last-event-id', 'authorization'],
  expose: ['retry-after', 'heddle-session', headers.keepalive],
};

function join(...lists: readonly (readonly string[])[]): string {
  return [...new Set(lists.flat())].join(', ');
}

/** Creates the guard. Throws a TypeError if a host name or an origin is invalid. */
export function createGuard(
  { hosts = [], origins = [] }: GuardOptions,
  cors: readonly CorsHeaders[] = [],
): Guard {
  const allow = join(ownCors.allow, ...cors.map((each) => each.allow));
  const expose = join(ownCors.expose, ...cors.map((each) => each.expose));
  const names = toHostNames(hosts);
  const allowed = toOrigins(origins);

  const isOwn = (request: ServerRequest, origin: string): boolean => {
    const page = toPage(origin);
    if (page === undefined) return false;
    const site = request.header('sec-fetch-site');
    if (site === 'same-site' || site === 'cross-site') return false;
    // The browser compared the page with the URL of the request, and no page can write this header. So a host
    // name in `hosts` is this server's own, whatever a proxy made of Host and ports. A name that is not in
    // `hosts` may be rebound.
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
      // Images, frames, forms and links send no Origin on GET, but they send this header (Fetch Metadata).
      // Programs send neither.
      if (site !== undefined && site !== 'same-origin' && site !== 'none')
        throw new RefusalError('forbidden_origin', tellSite(site));
    },
    checkPage: (request) => {
      if (request.header('origin') === undefined && request.header('sec-fetch-site') === undefined)
        throw new RefusalError('forbidden_origin', noPage);
    },
    isOwn,
    isFrom: (request, page) => {
      const origin = request.header('origin');
      if (origin !== undefined) return page === '' ? isOwn(request, origin) : origin === page;
      // A read within one origin has no Origin header. So it is of this server's own page, or a proxy has
      // changed Host and the page is of a name that only the options know. The browser says that it is the
      // same origin; over plain http it says nothing.
      const site = request.header('sec-fetch-site');
      const isWithin = site === 'same-origin' || (site === undefined && page.startsWith('http:'));
      return page === '' || (isWithin && (allowed.has(page) || names.has(toHost(toPage(page)?.host ?? ''))));
    },
    corsHeaders: (request) => {
      if (allowed.size === 0) return {};
      const origin = request.header('origin');
      if (origin === undefined || !allowed.has(origin)) return { vary: 'origin' };
      return {
        vary: 'origin',
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': allow,
        'access-control-expose-headers': expose,
        'access-control-max-age': '600',
        'cross-origin-resource-policy': 'cross-origin',
      };
    },
  };
}

/**
 * Returns the origin as a URL if this server could have sent the page. Pages of apps and extensions have no
 * host in this sense.
 */
function toPage(origin: string): URL | undefined {
  const url = URL.parse(origin);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.origin === origin
    ? url
    : undefined;
}

/**
 * Returns whether a page's origin and a Host header name the same host. The scheme is not compared, because a
 * proxy in front may terminate TLS. A page over https is then behind a proxy. It may have any port if Host
 * has none, because the proxy has left the port out. Over http, the page could belong to another server on
 * the same machine.
 */
function isSame(page: URL, header: string): boolean {
  const host = toHost(header);
  if (host?.name !== page.hostname) return false;
  return host.port === toUnnamedPort(page.port) || (host.port === '' && page.protocol === 'https:');
}
