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
  /** Who asks; ready-made in `heddle/auth`. @default everybody is the same caller */
  readonly authenticate?: Authenticate;
  /**
   * Whether what was shown is no longer good before its time: asked with every request, and every 4 s while streams are open.
   * Where it throws, a request is refused (503). An open stream stays for as long as that may be a passing trouble, and ends as if revoked when six questions in a row,
   * half a minute, had no answer. @default never
   */
  readonly isRevoked?: (principal: Principal) => boolean | Promise<boolean>;
}

/** Finds out who asks: by a ticket or link where the route takes one, else as `authenticate` says. Throws `unauthorized`. */
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

/** Refuses a principal who is no longer good. Throws `unauthorized`, and `unavailable` where nobody can tell. */
export async function checkValid(options: AuthOptions, principal: Principal): Promise<void> {
  if (isExpired(principal) || (await isOut(options, principal))) throw new RefusalError('unauthorized');
}

async function isOut({ isRevoked }: AuthOptions, principal: Principal): Promise<boolean> {
  try {
    return (await isRevoked?.(principal)) ?? false;
  } catch (cause) {
    throw Object.assign(new RefusalError('unavailable', 'It cannot be looked up whether you may.'), {
      cause,
    });
  }
}

/** Whether a principal's time is over. */
export function isExpired({ expiresAt = Infinity }: Principal): boolean {
  // What is not a number is no time to come.
  return !(expiresAt > Date.now());
}

async function authenticate(
  { authenticate = () => 'anonymous' }: AuthOptions,
  request: ServerRequest,
): Promise<Principal> {
  const shown = await authenticate(request);
  const principal = typeof shown === 'string' ? { owner: shown } : shown;
  // Without types a hook may answer null, or an empty name: that would be one person for all whom it does not know.
  if (principal == null || typeof principal.owner !== 'string' || principal.owner === '')
    throw new RefusalError('unauthorized');
  checkPrincipal(principal);
  return principal;
}

/** What a hook answers by mistake is told to whoever runs the server: as 401 it would look like the caller's fault. */
function checkPrincipal({ expiresAt, credential }: Principal): void {
  checkNumber('authenticate: expiresAt', expiresAt, {
    least: -Number.MAX_VALUE,
    most: Number.MAX_VALUE,
    infinity: 'for never',
  });
  if (credential !== undefined && typeof credential !== 'string')
    throw new TypeError(`authenticate: credential: it is a ${typeof credential}, and must be a text.`);
}
