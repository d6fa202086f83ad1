import type { EventLog } from '../log/index.ts';
import type { FinalLog, LoggedEntry } from './history.ts';

/** Reads a whole log for a history. Resolves with undefined if there is no such session. */
export async function readFinalLog(log: EventLog, session: string): Promise<FinalLog | undefined> {
  const entries: LoggedEntry[] = [];
  let trimmed: string | undefined;
  for (;;) {
    const page = await log.read(session, entries.at(-1)?.id ?? trimmed, 1_000);
    if (page.type !== 'page') return undefined;
    trimmed ??= page.base?.last;
    if (page.entries.length === 0)
      return { session, owner: page.head.owner, entries, ...(trimmed !== undefined && { trimmed }) };
    entries.push(...page.entries.map(({ id, event }) => ({ id, event })));
  }
}
