import type { EventLog, Head } from '../log/index.ts';

/**
 * Drops a session, and its outbox before it. If this node dies in between, the session is still there and has
 * lost its webhooks. The other way round, their secrets would stay.
 */
export async function dropSession(log: EventLog, session: string, { outbox }: Head): Promise<void> {
  if (outbox !== undefined) await log.drop(outbox.session);
  await log.drop(session);
}
