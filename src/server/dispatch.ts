import { RefusalError, sessionPattern } from '../protocol/index.ts';
import type { Reply } from './reply.ts';
import type { RequestFacts } from './request-record.ts';
import type { ServerRequest } from './server-request.ts';
import { checkCaller } from './callers.ts';
import { identify } from './identify.ts';
import type { AuthOptions } from './identify.ts';
import type { Guard } from './guard.ts';
import type { Quotas } from './quotas.ts';
import type { RouteCall, Route } from './routes.ts';
import type { Identity } from './principal.ts';
import type { PassRoutesOptions } from './passes.ts';

export interface DispatchOptions {
  readonly guard: Guard;
  readonly quotas: Quotas;
  /** Filled in while the request is answered. */
  readonly about: RequestFacts;
  readonly entering: AuthOptions & PassRoutesOptions;
}

/** The caller of open routes, which need no auth. */
const nobody: Identity = { principal: { owner: '' } };

/**
 * Passes a request on to its route. Before that it checks, in this order: the origin of the page, the rate of
 * the address, auth, the page of a caller with a cookie, the form of the session id, whether an admin is
 * needed, the name of the caller, and the rate of the owner. Throws a RefusalError.
 */
export async function dispatch(
  { guard, quotas, entering, about }: DispatchOptions,
  request: ServerRequest,
  route: Route,
  params: Readonly<Record<string, string>>,
): Promise<Reply> {
  const { session = '' } = params;
  about.route = route.path;
  // A GET with a ticket acts as well, because opening the stream uses the ticket up.
  if (route.acts || request.query.has('ticket')) guard.checkOrigin(request);
  const place = quotas.toAccount(request);
  Object.assign(about, place);
  if (!route.open) await quotas.spend('requests', place);
  const { principal, payer, headers } = route.open
    ? nobody
    : await identify(entering, request, route, session);
  if (route.acts && principal.ambient) guard.checkPage(request);
  if (session !== '' && !sessionPattern.test(session))
    throw new RefusalError('malformed', 'That is not a session id.');
  if (session !== '') about.session = session;
  if (!route.open) about.owner = principal.owner;
  if (route.admin && !principal.admin) throw new RefusalError('not_found');

  const { owner } = principal;
  if (!route.open) await checkCaller(entering.passes, request, owner);
  // The account has the owner's name in it. So a caller that names another owner's session spends from its own
  // account.
  const accountOf = (of: string) => ({
    ...place,
    owner: payer ?? owner,
    ...(of !== '' && { session: `${owner} ${of}` }),
  });
  const account = accountOf(session);
  if (!route.open) await quotas.spend('requests', { owner: account.owner });
  const call: RouteCall = {
    owner,
    principal,
    session,
    params,
    async spend(what, of = session) {
      await quotas.spend(what, accountOf(of));
      if (what === 'messages') await quotas.checkRunning(owner, of);
    },
    note(of) {
      about.session = of;
    },
  };
  const metered = quotas.meter(request, account);
  const handle = async (): Promise<Reply> => route.handle(metered, call);
  const reply = await (route.streams ? quotas.countStream(account, handle) : handle());
  return headers === undefined ? reply : { ...reply, headers: { ...reply.headers, ...headers } };
}
