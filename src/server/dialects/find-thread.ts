import type { ThreadName } from '../../dialects/index.ts';
import type { Head, Store } from '../../log/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import { mint } from '../../protocol/internal.ts';
import { deriveSession } from '../derive.ts';
import { findOwned, requireOwner } from '../require-owner.ts';

/** The session of a request. */
export interface FoundThread {
  readonly session: string;
  /** The client's own name of the session. */
  readonly thread?: string;
  /** Absent if the session does not exist. */
  readonly head?: Head;
  /** The session is a one-shot session, or becomes one. */
  readonly once?: true;
}

/** The form of ids that this server mints or derives. Clients cannot choose them. */
const mintedPattern = /^[A-Za-z0-9_-]{22}$/;
const maxName = 200;
/** Sessions at work that are searched for a client's name of a turn. */
const maxAtWork = 100;

/**
 * Finds the session that a request names. It exists, or can be created for this owner. Throws `malformed` for
 * a name that is too long or no Unicode, and `not_found` if a session must exist and does not.
 */
export async function findThread(store: Store, owner: string, name: ThreadName): Promise<FoundThread> {
  switch (name.type) {
    case 'named':
      return findNamed(store, owner, name.name);
    case 'keyed': {
      const session = await deriveSession(name.once ? 'once-keyed' : 'keyed', owner, name.key);
      return { ...(await find(store, owner, session)), ...(name.once && { once: true }) };
    }
    case 'session':
      return findById(store, owner, name);
    case 'at-work':
      return findAtWork(store, owner, name.run);
    case 'new':
      return { session: mint(22), ...(name.once && { once: true }) };
  }
}

/** Finds a session by its id. It must also be the one of the name, if there is one. */
async function findById(
  store: Store,
  owner: string,
  { session, name }: ThreadName & { type: 'session' },
): Promise<FoundThread> {
  const head = await requireOwner(store, session, owner);
  if (name === undefined) return { session, head };
  const other = await findNamed(store, owner, name);
  if (other.session === session) return { session, thread: name, head };
  throw new RefusalError('malformed', `That is part of another conversation than "${name}".`);
}

/**
 * Finds a session by its client's name. The owner is part of the digest. So the same name of two owners is
 * two sessions, and no caller can take a name before its owner does.
 */
async function findNamed(store: Store, owner: string, name: string): Promise<FoundThread> {
  if (name === '' || name.length > maxName)
    throw new RefusalError(
      'malformed',
      `The name of a conversation has 1 to ${maxName} characters, and this one has ${name.length}.`,
    );
  // Half of a pair of surrogates has no form in UTF-8, so no URL and no header could carry the name.
  if (!name.isWellFormed())
    throw new RefusalError('malformed', 'The name of a conversation is not well-formed Unicode.');
  // A minted id cannot be planted, so it may name the caller's own session. Another owner's id is a name like
  // any other.
  const own = mintedPattern.test(name) ? await find(store, owner, name) : undefined;
  if (own?.head !== undefined) return { ...own, thread: name };
  return { ...(await find(store, owner, await deriveSession('thread', owner, name))), thread: name };
}

async function find(store: Store, owner: string, session: string): Promise<FoundThread> {
  const head = await findOwned(store, session, owner);
  return { session, ...(head && { head }) };
}

async function findAtWork(store: Store, owner: string, run: string): Promise<FoundThread> {
  const due = await store.sessions.due({ owner, limit: maxAtWork });
  const isIt = ({ turn, queue, waiting }: Head): boolean =>
    turn?.run === run || waiting?.run === run || queue.some((queued) => queued.run === run);
  const isFound = ({ head }: { readonly head: Head }): boolean => isIt(head);
  // A session that waits for approvals is not due.
  const found = due.find(isFound) ?? (await store.sessions.list(owner, { limit: maxAtWork })).find(isFound);
  if (found === undefined) throw new RefusalError('not_found', 'There is no such run at work.');
  return found;
}
