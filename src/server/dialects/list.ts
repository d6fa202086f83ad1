import type { ListIntent } from '../../dialects/index.ts';
import { giveWay } from '../../log/internal.ts';
import type { ListPlace, Store } from '../../log/index.ts';
import type { Reply } from '../reply.ts';
import type { DialectContext } from './dialect-context.ts';
import { findThread } from './find-thread.ts';
import { readFinding } from './show.ts';
import { toReply } from './to-reply.ts';

/** The most sessions of one list. Each of them is read. */
const maxSessions = 1_000;
/** Sessions per read of the index. */
const pageSize = 100;

/**
 * Shows a list of exchanges. Of an owner with many sessions, it has those of the ones that were last active.
 */
export async function list(context: DialectContext, { thread, since = 0, open }: ListIntent): Promise<Reply> {
  const { store, call } = context;
  const listing = open();
  if (thread !== undefined) {
    const found = await findThread(store, call.owner, thread);
    call.note(found.session);
    if (found.head !== undefined && found.head.activeAt >= since)
      listing.see(await readFinding(context, found));
    return toReply(listing.reply());
  }
  for await (const session of listSessions(store, call.owner, since)) {
    listing.see(await readFinding(context, { session }));
    const turn = giveWay();
    if (turn !== undefined) await turn;
  }
  return toReply(listing.reply());
}

async function* listSessions(
  { sessions }: Pick<Store, 'sessions'>,
  owner: string,
  since: number,
): AsyncGenerator<string, void, undefined> {
  let before: ListPlace | undefined;
  for (let seen = 0; seen < maxSessions; seen += pageSize) {
    const listed = await sessions.list(owner, { limit: pageSize, ...(before && { before }) });
    for (const { session, head } of listed) {
      if (head.activeAt < since) return;
      yield session;
      before = { activeAt: head.activeAt, session };
    }
    if (listed.length < pageSize) return;
  }
}
