import type { DatabaseSync } from 'node:sqlite';
import { isRecord } from '../protocol/internal.ts';
import type { AppendRow } from './calls.ts';
import { toInteger, toOptionalColumn, toColumnText } from './columns.ts';

export interface AppendRows {
  insert(session: number, row: AppendRow): number;
  /** The rows that end after a seq, oldest first, until they hold so many entries or are large; `more` where some may be left. */
  after(
    session: number,
    seq: number,
    entries: number,
  ): { readonly rows: readonly AppendRow[]; readonly more: boolean };
  /** The row that a seq stands in, without its events. */
  at(session: number, seq: number): AppendRow | undefined;
  /** What a key or a fence wrote: by the row's id, or from the copy that is kept since it was trimmed. */
  written(reference: Readonly<Record<string, unknown>> | undefined): AppendRow | undefined;
}

/** Characters after which a page ends: a log of large messages must not come into memory at once, for each who reads it. */
const pageSize = 1_048_576;

/** Creates the access to the table `appends`. */
export function createAppendRows(db: DatabaseSync): AppendRows {
  const insert = db.prepare(
    'insert into appends (session, last, count, at, tag, events) values (?, ?, ?, ?, ?, ?)',
  );
  const after = db.prepare(`
    select last, count, at, tag, events from appends
    where session = ? and last > ? and count > 0 order by last`);
  const holding = db.prepare(`
    select last, count, at, tag, '' as events from appends
    where session = ? and last >= ? and count > 0 order by last limit 1`);
  const byId = db.prepare('select last, count, at, tag, events from appends where id = ?');
  return {
    insert: (session, { last, count, at, tag, events }) =>
      Number(insert.run(session, last, count, at, tag, events).lastInsertRowid),

    after(session, seq, entries) {
      const rows: AppendRow[] = [];
      let size = 0;
      // One by one: an append holds one entry or many, short or long, and no more should be read than the page has room for.
      for (const found of after.iterate(session, seq)) {
        if (size > pageSize) return { rows, more: true };
        const row = toAppendRow(found);
        rows.push(row);
        size += row.events.length;
        if (row.last - seq >= entries) return { rows, more: true };
      }
      return { rows, more: false };
    },

    at(session, seq) {
      const row = holding.get(session, seq);
      return row && toAppendRow(row);
    },

    written(reference) {
      const kept = toOptionalColumn(reference?.['kept'], toColumnText);
      if (kept !== undefined) return toAppendRow(JSON.parse(kept));
      const id = toOptionalColumn(reference?.['append'], toInteger);
      if (id === undefined) return undefined;
      return toAppendRow(byId.get(id));
    },
  };
}

/** Checks a row of `appends`, or a copy of one. */
export function toAppendRow(row: unknown): AppendRow {
  if (!isRecord(row)) throw new Error('The database is damaged: an append is not where it was written.');
  return {
    last: toInteger(row['last']),
    count: toInteger(row['count']),
    at: toInteger(row['at']),
    tag: toColumnText(row['tag']),
    events: toColumnText(row['events']),
  };
}
