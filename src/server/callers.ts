import { RefusalError } from '../protocol/index.ts';
import { json } from './reply.ts';
import type { ServerRequest } from './server-request.ts';
import type { Passes } from './passes.ts';
import type { Route } from './routes.ts';

/**
 * The route that names its caller: the same for all requests of one owner, as long as the server has the same secrets, and nothing by which
 * anybody could tell who that is. Pages know by it which of their tabs are one person's.
 */
export function callerRoute(passes: Passes): Route {
  return {
    method: 'GET',
    path: '/caller',
    acts: false,
    handle: async (_, { owner }) => json(200, { caller: await passes.write(['caller', owner], pass) }),
  };
}

/** Refuses a request that names another caller than its own, by `?caller=`. Throws `other_caller`. */
export async function checkCaller(passes: Passes, request: ServerRequest, owner: string): Promise<void> {
  const caller = request.query.get('caller');
  if (caller !== null && (await passes.read(['caller', owner], caller)) === undefined)
    throw new RefusalError('other_caller');
}

/** What is signed beside the owner: the same for everybody, so that only the signature differs. */
const pass = { id: 'caller', until: 0 };
