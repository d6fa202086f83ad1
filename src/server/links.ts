import { RefusalError } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import { json } from './reply.ts';
import { readJson } from './read-json.ts';
import type { Route } from './routes.ts';
import { toPassUrl } from './tickets.ts';
import type { Identity } from './principal.ts';
import type { PassRoutesOptions } from './passes.ts';
import { requireOwner } from './require-owner.ts';

/** The lifetime of a link by default, and at most, in seconds. */
const defaultSeconds = 86_400;
const maxSeconds = 30 * 86_400;

/**
 * Returns the route that creates links. A link allows its holder to read one session until it expires, and
 * nothing else.
 */
export function linkRoute({ store, passes }: PassRoutesOptions): Route {
  return {
    method: 'POST',
    path: '/link/:session',
    acts: true,
    handle: async (request, { owner, session }) => {
      const seconds = toSeconds((await readJson(request))['expires_in']);
      await requireOwner(store, session, owner);
      const id = mint(22);
      const until = Date.now() + seconds * 1000;
      const link = await passes.write(['link', session], { id, until });
      return json(201, {
        link_id: id,
        url: toPassUrl(request, session, 'link', link),
        expires_at: until,
      });
    },
  };
}

/**
 * Identifies the holder of a link. The link's id is the credential, so that one link can be revoked. Throws
 * `unauthorized` if the link is invalid, and `not_found` if the session is gone.
 */
export async function useLink(
  { store, passes }: PassRoutesOptions,
  session: string,
  link: string,
): Promise<Identity> {
  const pass = await passes.read(['link', session], link);
  if (pass === undefined) throw new RefusalError('unauthorized');
  const page = await store.log.read(session, undefined, 0);
  if (page.type !== 'page') throw new RefusalError('not_found');
  const principal = { owner: page.head.owner, credential: pass.id, expiresAt: pass.until };
  // The link has an account of its own, so that its holders do not use up the owner's limits.
  return { principal, payer: `link ${pass.id}` };
}

function toSeconds(value: unknown): number {
  if (value === undefined) return defaultSeconds;
  if (typeof value === 'number' && value >= 1 && value <= maxSeconds) return value;
  throw new RefusalError('malformed', `"expires_in" must be a number of seconds from 1 to ${maxSeconds}.`);
}
