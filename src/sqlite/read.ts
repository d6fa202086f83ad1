import type { DatabaseSync } from 'node:sqlite';
import { toEntryId, toSeq } from '../protocol/index.ts';
import type { AppendRows } from './append-rows.ts';
import type { ReadCall, ReadResult } from './calls.ts';
import { toOptionalColumn, toColumnText } from './columns.ts';
import type { StoredSession, StoredSessions } from './stored-session.ts';

/** Creates the read of the worker. */
export function createRead(
  db: DatabaseSync,
  sessions: StoredSessions,
  rows: AppendRows,
): (call: ReadCall) => ReadResult {
  const selectBase = db.prepare('select state from bases where session = ?');

  const idAt = (session: StoredSession, seq: number): string | undefined => {
    if (seq === session.trimmed) return session.trimmedId;
    const row = rows.at(session.id, seq);
    return row && toEntryId(seq, row.tag);
  };

  const take = (id: number, seq: number, limit: number): ReturnType<AppendRows['after']> =>
    limit === 0 ? { rows: [], more: true } : rows.after(id, seq, limit);

  return ({ session: name, after, limit }) => {
    const session = sessions.get(name);
    if (session === undefined || session.dropped) return { type: 'missing' };
    const { id, head, trimmed, last } = session;
    if (after === undefined) {
      const base =
        trimmed === 0 || limit === 0
          ? undefined
          : toOptionalColumn(selectBase.get(id)?.['state'], toColumnText);
      return { type: 'page', head, base, first: trimmed + 1, last, ...take(id, trimmed, limit) };
    }
    const seq = toSeq(after);
    if (seq > last) return { type: 'gone', reason: 'beyond' };
    if (seq < trimmed && seq > 0) return { type: 'gone', reason: 'trimmed' };
    if (!(seq > 0) || after !== idAt(session, seq)) return { type: 'gone', reason: 'unknown' };
    return { type: 'page', head, base: undefined, first: seq + 1, last, ...take(id, seq, limit) };
  };
}
