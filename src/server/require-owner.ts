import type { Head, Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';

/**
 * Reads the head of a session for its owner. Throws `not_found` if the session does not exist, and also if it
 * belongs to another owner.
 */
export async function requireOwner(store: Store, session: string, owner: string): Promise<Head> {
  const page = await store.log.read(session, undefined, 0);
  if (page.type !== 'page' || page.head.owner !== owner) throw new RefusalError('not_found');
  return page.head;
}
