import type { EventLog } from '../log/index.ts';
import type { Entry } from '../protocol/index.ts';
import { isNews } from './decide-outbox.ts';

/**
 * Tells an outbox that its session has changed. It is due from then on. An outbox that is gone needs no news.
 */
export async function tellOutbox(log: EventLog, outbox: string): Promise<void> {
  for (;;) {
    const page = await log.read(outbox, undefined, 0);
    if (page.type !== 'page' || page.head.post === undefined) return;
    const { version, ...head } = page.head;
    const post = { ...page.head.post, news: page.head.post.news + 1 };
    const now = { ...head, post, dueAt: 0 };
    const result = await log.append(outbox, [], { head: { was: version, now } });
    if (result.type === 'appended' || result.reason !== 'conflict') return;
  }
}

/**
 * Tells the outbox of a session at once that a caller has changed an exchange. A turn that runs would tell it
 * only at its end. If this fails, the mark in the head stands until then. Resolves with the outbox, if there
 * is one.
 */
export async function hurryNews(
  log: EventLog,
  session: string,
  entries: readonly Entry[],
): Promise<string | undefined> {
  if (!entries.some(({ event }) => isNews(event))) return undefined;
  const page = await log.read(session, undefined, 0);
  const outbox = page.type === 'page' ? page.head.outbox?.session : undefined;
  if (outbox !== undefined) await tellOutbox(log, outbox);
  return outbox;
}
