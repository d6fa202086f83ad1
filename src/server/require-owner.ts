import type { Head, Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';

/**
 * Reads the head of a session for its owner. Resolves with undefined if the session does not exist, and also
 * if it belongs to another owner.
 */
export async function findOwned(store: Store, session: string, owner: string): Promise<Head | undefined> {
  const page = await store.log.read(session, undefined, 0);
  return page.type === 'page' && page.head.owner === owner ? page.head : undefined;
}

/** The same, but throws `not_found` if there is no such session. */
export async function requireOwner(store: Store, session: string, owner: string): Promise<Head> {
  const head = await findOwned(store, session, owner);
  if (head === undefined) throw new RefusalError('not_found');
  return head;
}
