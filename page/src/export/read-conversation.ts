import { ClientError } from 'heddle/client';
import type { Session } from 'heddle/client';
import type { MessageState } from 'heddle';

const pageSize = 200;

/** Reads all messages of a session, page by page from the last one. Rejects with a ClientError. */
export async function readConversation(session: Pick<Session, 'state'>): Promise<readonly MessageState[]> {
  const pages: (readonly MessageState[])[] = [];
  let { messages, earlier } = await session.state({ messages: pageSize });
  pages.push(messages);
  while (earlier !== undefined) {
    const first = messages[0];
    // A message that waits moves to the end when its turn starts, so it names no place.
    const before = first?.role === 'user' && first.status !== 'waiting' ? first.message : undefined;
    const page =
      before === undefined ? undefined : await session.state({ messages: pageSize, before }).catch(leftOut);
    // Somebody edited a message meanwhile, and the pages do not fit together any more.
    if (page === undefined) return (await session.state()).messages;
    ({ messages, earlier } = page);
    pages.push(messages);
  }
  return pages.toReversed().flat();
}

function leftOut(error: unknown): undefined {
  if (!(error instanceof ClientError && error.status === 400)) throw error;
}
