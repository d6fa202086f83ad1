import type { DatabaseSync } from 'node:sqlite';
import { isRecord } from '../protocol/internal.ts';
import type { AppendRow } from './calls.ts';
import { toInteger, toOptionalColumn, toColumnText } from './columns.ts';

export interface AppendRows {
  insert(session: number, row: AppendRow): number;
  /**
   * Returns the rows that end after a seq, oldest first. Stops once they reach `entries` entries or are
   * large; `more` means that some may be left.
   */
  after(
    session: number,
    seq: number,
    entries: number,
  ): { readonly rows: readonly AppendRow[]; readonly more: boolean };
  /** Returns the row that contains a seq, without its events. */
  at(session: number, seq: number): AppendRow | undefined;
  /** Returns what a key or a fence wrote: the row with that id, or the copy kept when it was trimmed. */
  written(reference: Readonly<Record<string, unknown>> | undefined): AppendRow | undefined;
}

/** A page ends after this many characters: a reader must not load a log of large messages at once. */
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
      // Rows are fetched one by one. An append has one entry or many, short or long, and the read should stop
      // when the page is full.
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

/** Creates the look for the id of the newest row of `appends`; 0 if there is none. */
export function createNewest(db: DatabaseSync): () => number {
  const newest = db.prepare('select max(id) as id from appends');
  return () => toInteger(newest.get()?.['id'] ?? 0);
}

/** Checks a row of `appends`, or a copy of one. Throws an Error if it is damaged. */
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
