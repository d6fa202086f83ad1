import { RefusalError } from '../protocol/index.ts';
import { checkNumber } from '../protocol/internal.ts';
import type { ServerRequest } from './server-request.ts';
import { useLink } from './links.ts';
import type { Authenticate, Principal } from './principal.ts';
import type { Route } from './routes.ts';
import { useTicket } from './tickets.ts';
import type { Identity } from './principal.ts';
import type { PassRoutesOptions } from './passes.ts';

export interface AuthOptions {
  /**
   * Authenticates the caller; `heddle/auth` has ready-made functions.
   * @default all requests have the same caller
   */
  readonly authenticate?: Authenticate;
  /**
   * Returns whether a credential was revoked before it expired. The server calls it with every request, and
   * every 4 s while streams are open. If it throws, the request is refused (503). An open stream stays,
   * because the error may pass. It ends as if revoked when six calls in a row, half a minute, gave no answer.
   * @default never
   */
  readonly isRevoked?: (principal: Principal) => boolean | Promise<boolean>;
}

/**
 * Identifies the caller of a request: by a ticket or a link if the route takes one, otherwise with
 * `authenticate`. Throws `unauthorized`.
 */
export async function identify(
  options: AuthOptions & PassRoutesOptions,
  request: ServerRequest,
  { takes = [] }: Route,
  session: string,
): Promise<Identity> {
  const ticket = takes.includes('ticket') ? request.query.get('ticket') : null;
  const link = takes.includes('link') ? request.query.get('link') : null;
  const entered: Identity =
    ticket !== null
      ? await useTicket(options, request, session, ticket)
      : link !== null
        ? await useLink(options, session, link)
        : { principal: await authenticate(options, request) };
  await checkValid(options, entered.principal);
  return entered;
}

/** Returns whether the caller of a request is an admin. A caller without valid auth is not. */
export async function isAdmin(options: AuthOptions, request: ServerRequest): Promise<boolean> {
  try {
    const principal = await authenticate(options, request);
    await checkValid(options, principal);
    return principal.admin === true;
  } catch (error) {
    if (error instanceof RefusalError && error.code === 'unauthorized') return false;
    throw error;
  }
}

/**
 * Refuses a principal that has expired or was revoked. Throws `unauthorized`, or `unavailable` if `isRevoked`
 * fails.
 */
export async function checkValid(options: AuthOptions, principal: Principal): Promise<void> {
  if (isExpired(principal) || (await isOut(options, principal))) throw new RefusalError('unauthorized');
}

async function isOut({ isRevoked }: AuthOptions, principal: Principal): Promise<boolean> {
  try {
    return (await isRevoked?.(principal)) ?? false;
  } catch (cause) {
    throw Object.assign(
      new RefusalError('unavailable', 'The server could not check whether the credential is still valid.'),
      {
        cause,
      },
    );
  }
}

/** Returns whether a principal has expired. */
export function isExpired({ expiresAt = Infinity }: Principal): boolean {
  // So that NaN counts as expired.
  return !(expiresAt > Date.now());
}

async function authenticate(
  { authenticate = () => 'anonymous' }: AuthOptions,
  request: ServerRequest,
): Promise<Principal> {
  const shown = await authenticate(request);
  const principal = typeof shown === 'string' ? { owner: shown } : shown;
  // A hook without types may return null or an empty owner. All unknown callers would then share one owner.
  if (principal == null || typeof principal.owner !== 'string' || principal.owner === '')
    throw new RefusalError('unauthorized');
  checkPrincipal(principal);
  return principal;
}

/** Reports an invalid result of the hook to the operator. A 401 would look like an error of the caller. */
function checkPrincipal({ expiresAt, credential }: Principal): void {
  checkNumber('authenticate: expiresAt', expiresAt, {
    least: -Number.MAX_VALUE,
    most: Number.MAX_VALUE,
    infinity: 'for never',
  });
  if (credential !== undefined && typeof credential !== 'string')
    throw new TypeError(`authenticate: credential: it is a ${typeof credential}, and must be a text.`);
}
