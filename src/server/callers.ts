import { RefusalError } from '../protocol/index.ts';
import { toSlot } from './cells.ts';
import { json } from './reply.ts';
import type { ServerRequest } from './server-request.ts';
import type { Passes } from './passes.ts';
import type { Route } from './routes.ts';

/**
 * Returns the route that names its caller. The name is the same for all requests of one owner, as long as the
 * server has the same secrets. It does not reveal the owner. Pages use it to find out which of their tabs
 * belong to one person. The header `heddle-slot` is for a proxy in front of several cells.
 */
export function callerRoute(passes: Passes): Route {
  return {
    method: 'GET',
    path: '/caller',
    acts: false,
    handle: async (_, { owner }) =>
      json(
        200,
        { caller: await passes.write(['caller', owner], pass) },
        { 'heddle-slot': await toSlot(owner) },
      ),
  };
}

/** Refuses a request whose `?caller=` names another caller than its own. Throws `other_caller`. */
export async function checkCaller(passes: Passes, request: ServerRequest, owner: string): Promise<void> {
  const caller = request.query.get('caller');
  if (caller !== null && (await passes.read(['caller', owner], caller)) === undefined)
    throw new RefusalError('other_caller');
}

/** The pass that is signed beside the owner. All callers have the same one, so only the signatures differ. */
const pass = { id: 'caller', until: 0 };
