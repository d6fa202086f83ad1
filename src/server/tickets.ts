import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import { json } from './reply.ts';
import type { ServerRequest } from './server-request.ts';
import type { Guard } from './guard.ts';
import type { Pass } from './passes.ts';
import { readJson } from './read-json.ts';
import { toOptionalText } from './request-fields.ts';
import type { Route } from './routes.ts';
import type { Identity } from './principal.ts';
import type { PassRoutesOptions } from './passes.ts';
import { requireOwner } from './require-owner.ts';

/** How long a ticket waits to be used, in milliseconds. */
const ticketMs = 30_000;
/** How long its stream may be gone on with, in milliseconds after that. */
const resumeMs = 3_600_000;

/**
 * Where a pass opens a stream, relative to the URL that sold it: what a proxy or a framework takes off a
 * path, only the caller knows.
 */
export function toPassUrl(session: string, kind: 'ticket' | 'link', pass: string): string {
  return `../stream/${session}?${kind}=${pass}`;
}

/**
 * The route that sells tickets: a plain EventSource cannot send an Authorization header, and a token in a URL stays in logs. A ticket opens one stream of one session,
 * once, for pages of the origin that asked for it.
 */
export function ticketRoute({ store, passes, isOwn }: PassRoutesOptions): Route {
  return {
    method: 'POST',
    path: '/ticket/:session',
    acts: true,
    handle: async (request, { owner, principal, session }) => {
      const named = toOptionalText((await readJson(request))['origin'], 'origin');
      await requireOwner(store, session, owner);
      const { expiresAt, credential } = principal;
      // A page can only ask for itself; a program, which names none, may ask for one.
      const origin = request.header('origin') ?? named;
      const pass: Pass = {
        id: mint(22),
        until: Date.now() + ticketMs,
        ...(expiresAt !== undefined && { expiresAt }),
        ...(credential !== undefined && { credential }),
        // How a page came is known to browsers only: a proxy in front may speak TLS.
        ...(origin?.startsWith('https:') && { secure: true }),
      };
      const ticket = await passes.write(['ticket', session, toPage(isOwn, request, origin)], pass);
      const url = toPassUrl(session, 'ticket', ticket);
      return json(201, { ticket, url, expires_at: pass.until });
    },
  };
}

/**
 * Lets in who has a ticket. Its first use is remembered in the session's log, so on every node, and gives the browser a cookie; whoever comes with both, as EventSource
 * does when it reconnects, goes on. Who has the URL alone, from a log say, comes too late. Throws `unauthorized`.
 */
export async function useTicket(
  { store, passes, isOwn }: PassRoutesOptions,
  request: ServerRequest,
  session: string,
  ticket: string,
): Promise<Identity> {
  const pass = await passes.read(
    ['ticket', session, toPage(isOwn, request, request.header('origin'))],
    ticket,
  );
  if (pass === undefined) throw new RefusalError('unauthorized');
  const { id, until, expiresAt, credential, secure } = pass;
  const cookie = `heddle_${id}=`;
  const held = (request.header('cookie') ?? '').split('; ').find((pair) => pair.startsWith(cookie));
  const proof = held && (await passes.read(['resume', session, id], held.slice(cookie.length)));
  if (!proof || proof.until <= Date.now()) await spend(store, session, pass);

  const page = await store.log.read(session, undefined, 0);
  if (page.type !== 'page') throw new RefusalError('not_found');
  const text = await passes.write(['resume', session, id], { id, until: until + resumeMs });
  return {
    principal: {
      owner: page.head.owner,
      ...(expiresAt !== undefined && { expiresAt }),
      ...(credential !== undefined && { credential }),
    },
    // Without a path it is good for where this was asked, as the browser sees it: a proxy may have put something before it.
    headers: {
      'set-cookie': `${cookie}${text}; Max-Age=${resumeMs / 1000}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`,
    },
  };
}

/** Uses a ticket up, once on all nodes. */
async function spend({ log }: Store, session: string, { id, until }: Pass): Promise<void> {
  if (until <= Date.now()) throw new RefusalError('unauthorized');
  const result = await log.append(session, [], { key: { id: `ticket:${id}`, digest: '' } });
  if (result.type === 'appended') return;
  throw new RefusalError(result.reason === 'missing' ? 'not_found' : 'unauthorized');
}

/** The page a stream is for: its origin, or nothing for this server's own pages, whose reads name none. */
function toPage(isOwn: Guard['isOwn'], request: ServerRequest, origin = ''): string {
  return isOwn(request, origin) ? '' : origin;
}
