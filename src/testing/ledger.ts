import { toSeq } from '../protocol/index.ts';
import type { EntryId } from '../protocol/index.ts';
import type { FinalLog, History } from './history.ts';
import { sameJson } from './same-json.ts';

/** Looks up entries in the final logs. */
export interface Ledger {
  logOf(session: string): FinalLog | undefined;
  /** Compares what a reader of `session` received under `id` with the logs. */
  judge(session: string, id: EntryId, event: unknown): Standing;
}

/**
 * `true`: the log has the same event. `altered`: the log has another event. `foreign`: it is in the log of a
 * session of another owner. `untold`: the entry was trimmed, or the log was not recorded. `phantom`: it is in
 * no log.
 */
export type Standing = 'true' | 'altered' | 'foreign' | 'untold' | 'phantom';

/** Creates a ledger, with an index of the logs of a history. */
export function createLedger({ logs }: History): Ledger {
  const bySession = new Map(logs.map((log) => [log.session, log]));
  const events = new Map(
    logs.map(({ session, entries }) => [session, new Map(entries.map(({ id, event }) => [id, event]))]),
  );
  const isForeign = (log: FinalLog | undefined, id: EntryId): boolean =>
    logs.some(({ session, owner }) => owner !== log?.owner && events.get(session)?.has(id));

  return {
    logOf: (session) => bySession.get(session),
    judge: (session, id, event) => {
      const log = bySession.get(session);
      const logged = events.get(session)?.get(id);
      if (logged !== undefined) return sameJson(logged, event) ? 'true' : 'altered';
      if (isForeign(log, id)) return 'foreign';
      if (log === undefined) return 'untold';
      return log.trimmed !== undefined && toSeq(id) <= toSeq(log.trimmed) ? 'untold' : 'phantom';
    },
  };
}
