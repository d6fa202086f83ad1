import type { Head, Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';

/** Reads a session's head for its owner. What is not the caller's does not exist for the caller: throws `not_found` for both. */
export async function requireOwner(store: Store, session: string, owner: string): Promise<Head> {
  const page = await store.log.read(session, undefined, 0);
  if (page.type !== 'page' || page.head.owner !== owner) throw new RefusalError('not_found');
  return page.head;
}
