import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import { toCellQuery } from './cells.ts';
import { json } from './reply.ts';
import type { ServerRequest } from './server-request.ts';
import type { Pass } from './passes.ts';
import { readCookie } from './read-cookie.ts';
import { readJson } from './read-json.ts';
import { toOptionalText } from './request-fields.ts';
import type { Route } from './routes.ts';
import type { Identity } from './principal.ts';
import type { PassRoutesOptions } from './passes.ts';
import { requireOwner } from './require-owner.ts';

/** The time in which a ticket must be used, in milliseconds. */
const ticketMs = 30_000;
/** The time after that in which its stream can be resumed, in milliseconds. */
const resumeMs = 3_600_000;

/**
 * Returns the URL that opens a stream with a pass, relative to the URL that returned the pass. It is relative
 * because only the caller knows which part of the path a proxy or a framework removes.
 */
export function toPassUrl(
  request: ServerRequest,
  session: string,
  kind: 'ticket' | 'link',
  pass: string,
): string {
  return `../stream/${session}?${kind}=${pass}${toCellQuery(request)}`;
}

/**
 * Returns the route that creates tickets. A plain EventSource cannot send an Authorization header, and a
 * token in a URL stays in logs. A ticket opens one stream of one session, once, for pages of the origin that
 * requested it.
 */
export function ticketRoute({ store, passes, guard }: PassRoutesOptions): Route {
  return {
    method: 'POST',
    path: '/ticket/:session',
    acts: true,
    handle: async (request, { owner, principal, session }) => {
      const named = toOptionalText((await readJson(request))['origin'], 'origin');
      await requireOwner(store, session, owner);
      const { expiresAt, credential } = principal;
      // A page can request a ticket only for its own origin. A program sends no Origin, and may name one.
      const origin = request.header('origin') ?? named;
      const pass: Pass = {
        id: mint(22),
        until: Date.now() + ticketMs,
        ...(expiresAt !== undefined && { expiresAt }),
        ...(credential !== undefined && { credential }),
        // Only the browser knows the scheme of its page, because a proxy in front may terminate TLS.
        ...(origin?.startsWith('https:') && { secure: true }),
        ...(origin !== undefined && !guard.isOwn(request, origin) && { page: origin }),
      };
      const ticket = await passes.write(['ticket', session], pass);
      const url = toPassUrl(request, session, 'ticket', ticket);
      return json(201, { ticket, url, expires_at: pass.until });
    },
  };
}

/**
 * Identifies the holder of a ticket. The first use is recorded in the session's log, and so on every node. It
 * also sets a cookie in the browser. A request with the ticket and the cookie, as EventSource sends on a
 * reconnect, resumes the stream. A request with only the URL, from a log for example, is refused. Throws
 * `unauthorized`.
 */
export async function useTicket(
  { store, passes, guard }: PassRoutesOptions,
  request: ServerRequest,
  session: string,
  ticket: string,
): Promise<Identity> {
  const pass = await passes.read(['ticket', session], ticket);
  if (pass === undefined || !guard.isFrom(request, pass.page ?? '')) throw new RefusalError('unauthorized');
  const { id, until, expiresAt, credential, secure } = pass;
  const cookie = `heddle_${id}`;
  const held = readCookie(request.header('cookie'), cookie);
  const proof = held === undefined ? undefined : await passes.read(['resume', session, id], held);
  if (proof === undefined || proof.until <= Date.now()) await spend(store, session, pass);

  const page = await store.log.read(session, undefined, 0);
  if (page.type !== 'page') throw new RefusalError('not_found');
  const text = await passes.write(['resume', session, id], { id, until: until + resumeMs });
  return {
    principal: {
      owner: page.head.owner,
      ...(expiresAt !== undefined && { expiresAt }),
      ...(credential !== undefined && { credential }),
    },
    // A cookie without a path is valid for the path of this request as the browser sees it. A proxy may have
    // removed a prefix.
    headers: {
      'set-cookie': `${cookie}=${text}; Max-Age=${resumeMs / 1000}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`,
    },
  };
}

/** Uses a ticket up, once on all nodes. Throws `unauthorized` if it has expired or was used before. */
async function spend({ log }: Store, session: string, { id, until }: Pass): Promise<void> {
  if (until <= Date.now()) throw new RefusalError('unauthorized');
  const result = await log.append(session, [], { key: { id: `ticket:${id}`, digest: '' } });
  if (result.type === 'appended') return;
  throw new RefusalError(result.reason === 'missing' ? 'not_found' : 'unauthorized');
}
