import { RefusalError } from '../../protocol/index.ts';
import type { Guard } from '../guard.ts';
import { toHost } from '../host-names.ts';
import { toNetwork } from '../network.ts';
import type { Quotas } from '../quotas.ts';
import type { ServerRequest } from '../server-request.ts';
import { forgedAddress, hopToken, toKnownHeaders } from './known-values.ts';

/** How a value of the caller has arrived. */
type Outcome = 'arrived' | 'changed' | 'lost';

/** The answer to a probe about its own request. It names no address, and no host but the one that arrived. */
export interface Told {
  readonly host: Outcome;
  /** The Host header that arrived, if it is not the one that the caller sent. */
  readonly host_seen?: string;
  /** Undefined if the caller sent no Origin. */
  readonly origin?: Outcome;
  /**
   * Whether an HTTP proxy has passed the request on: it must not pass on what the `Connection` header names,
   * and a proxy that ends TLS shows by it. Undefined where the runtime hides that header.
   */
  readonly passed_on?: boolean;
  /** The path that arrived, compared with the caller's: a proxy may have taken its first part off. */
  readonly path: 'arrived' | 'shorter' | 'changed';
  readonly headers: Readonly<Record<string, Outcome>>;
  readonly content_type: Outcome;
  /** The address that quotas count the caller by. `forged`: the one that the caller has invented. */
  readonly counted_by: 'forged' | 'connection' | 'forwarded' | 'nothing';
  /** The fate of the invented entry of `X-Forwarded-For`. */
  readonly forged: 'removed' | 'alone' | 'added to';
  /** Why this server would refuse a message with these headers. */
  readonly refused?: { readonly code: string; readonly detail: string };
}

export interface ToldOptions {
  readonly guard: Pick<Guard, 'checkHost' | 'checkOrigin'>;
  readonly quotas: Pick<Quotas, 'toAccount'>;
}

/**
 * Compares a request with what its caller says it has sent: `host`, `origin`, `at` (the path) and `type` (the
 * content type) of the query, and the known values of its id.
 */
export function tellProbe({ guard, quotas }: ToldOptions, request: ServerRequest, id: string): Told {
  const { query } = request;
  const sent = Object.entries(toKnownHeaders(id));
  const refused = findRefusal(guard, request);
  const host = compareHost(query.get('host'), request.header('host'));
  const origin = query.get('origin');
  return {
    host,
    ...(host === 'changed' && { host_seen: (request.header('host') ?? '').slice(0, 100) }),
    ...(origin !== null && { origin: compare(origin, request.header('origin')) }),
    ...toPassedOn(request),
    path: comparePath(query.get('at'), `${request.mount ?? ''}${request.path}`),
    headers: Object.fromEntries(sent.map(([name, value]) => [name, compareHeader(request, name, value)])),
    content_type: compare(query.get('type') ?? undefined, request.header('content-type')),
    counted_by: toCountedBy(quotas, request),
    forged: toForged(request.header('x-forwarded-for')),
    ...(refused && { refused }),
  };
}

function toPassedOn(request: ServerRequest): Pick<Told, 'passed_on'> {
  if (request.query.get('secure') === '1' && request.isSecure === false) return { passed_on: true };
  if (request.query.get('hop') !== '1' || request.address === undefined) return {};
  return { passed_on: request.header('connection')?.includes(hopToken) !== true };
}

function findRefusal(guard: ToldOptions['guard'], request: ServerRequest): Told['refused'] {
  try {
    guard.checkHost(request);
    guard.checkOrigin(request);
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { code: error.code, detail: error.message };
  }
}

function compare(sent: string | undefined, seen: string | undefined): Outcome {
  if (sent === undefined || sent === seen) return 'arrived';
  return seen === undefined || seen === '' ? 'lost' : 'changed';
}

/** A balancer may add cookies of its own, and a proxy with HTTP/2 may join them. */
function compareHeader(request: ServerRequest, name: string, value: string): Outcome {
  const seen = request.header(name);
  if (name === 'cookie' && seen?.split(/; */).includes(value)) return 'arrived';
  return compare(value, seen);
}

function compareHost(sent: string | null, seen: string | undefined): Outcome {
  if (seen === undefined || seen === '') return 'lost';
  if (sent === null) return 'arrived';
  const [one, other] = [toHost(sent), toHost(seen)];
  return one !== undefined && one.name === other?.name && one.port === other.port ? 'arrived' : 'changed';
}

function comparePath(sent: string | null, seen: string): Told['path'] {
  if (sent === null || sent === seen) return 'arrived';
  return sent.endsWith(seen) ? 'shorter' : 'changed';
}

function toCountedBy(quotas: ToldOptions['quotas'], request: ServerRequest): Told['counted_by'] {
  const { address } = quotas.toAccount(request);
  if (address === undefined) return 'nothing';
  if (address === forgedAddress) return 'forged';
  return request.address !== undefined && address === toNetwork(request.address) ? 'connection' : 'forwarded';
}

function toForged(header: string | undefined): Told['forged'] {
  const entries = (header ?? '').split(',').map((entry) => entry.trim());
  if (!entries.includes(forgedAddress)) return 'removed';
  return entries.length === 1 ? 'alone' : 'added to';
}
