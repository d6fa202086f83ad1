import { RefusalError } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import { json } from './reply.ts';
import { readJson } from './read-json.ts';
import type { Route } from './routes.ts';
import { toPassUrl } from './tickets.ts';
import type { Identity } from './principal.ts';
import type { PassRoutesOptions } from './passes.ts';
import { requireOwner } from './require-owner.ts';

/** How long a link is good unless told otherwise, and at most, in seconds. */
const defaultSeconds = 86_400;
const maxSeconds = 30 * 86_400;

/** The route that makes links: who has one can read one session until it is over, and do nothing else. */
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
        url: toPassUrl(session, 'link', link),
        expires_at: until,
      });
    },
  };
}

/** Lets in who has a link; its name is the credential, so that one can be revoked. Throws `unauthorized`. */
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
  // Whoever has it must not use up what its maker may ask for.
  return { principal, payer: `link ${pass.id}` };
}

function toSeconds(value: unknown): number {
  if (value === undefined) return defaultSeconds;
  if (typeof value === 'number' && value >= 1 && value <= maxSeconds) return value;
  throw new RefusalError('malformed', `"expires_in" must be a number of seconds from 1 to ${maxSeconds}.`);
}
