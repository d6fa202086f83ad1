import type { DatabaseSync } from 'node:sqlite';
import { toInteger, toOptionalColumn } from './columns.ts';
import type { KeptCopies } from './kept-copies.ts';

/**
 * The rows that nobody reads any more: the entries before a trim, and everything of dropped sessions. A long
 * conversation leaves millions of them, so they are deleted in slices.
 */
export interface Leftovers {
  /**
   * Leaves the appends of a session up to `last`, except the row `mark`, and all its other rows if it was
   * dropped. Replaces what was left of the session before.
   */
  add(session: number, last: number, mark: number): void;
  /** Deletes a slice of at most `rows` rows. Returns whether there are more. */
  deleteSome(rows: number): boolean;
}

interface LeftSession {
  readonly session: number;
  readonly last: number;
  readonly mark: number;
  readonly isDropped: boolean;
}

type Row = Readonly<Record<string, unknown>>;

/** Some rows of one table that a session left. */
interface LeftRows {
  /** Finds at most `most` rows, each with its key as `row` and its length in bytes as `size`. */
  find(left: LeftSession, most: number): readonly Row[];
  delete(left: LeftSession, row: Row): void;
}

/**
 * A slice ends after this many bytes of long texts. SQLite reads each page of such a text before it deletes
 * it.
 */
const sliceBytes = 4 * 1024 * 1024;

/** Creates the leftovers of a file. */
export function createLeftovers(db: DatabaseSync, copies: KeptCopies): Leftovers {
  const add = db.prepare('insert or replace into leftovers (session, last, mark) values (?, ?, ?)');
  const first = db.prepare(`
    select l.session, l.last, l.mark, s.dropped from leftovers l join sessions s on s.id = l.session
    where l.session = (select min(session) from leftovers)`);
  const remove = db.prepare('delete from leftovers where session = ?');
  const appends = createLeftAppends(db, copies);
  const others = [
    createLeftRows(db, { table: 'keys', key: 'key', text: 'kept' }),
    createLeftRows(db, { table: 'snapshots', key: 'name', text: 'data' }),
    createLeftRows(db, { table: 'checkpoint_pages', key: 'page', text: 'data' }),
    createLeftRows(db, { table: 'checkpoints', key: 'session', text: 'record' }),
    createLeftRows(db, { table: 'bases', key: 'session', text: 'state' }),
  ];

  return {
    add: (session, last, mark) => void add.run(session, last, mark),

    deleteSome(rows) {
      const budget = { rows, bytes: sliceBytes };
      for (let found = first.get(); found !== undefined; found = first.get()) {
        const left = toLeftSession(found);
        const tables = left.isDropped ? [appends, ...others] : [appends];
        if (!tables.every((table) => deleteRows(table, left, budget))) return true;
        remove.run(left.session);
      }
      return false;
    },
  };
}

/** Deletes rows while the budget lasts. Returns whether all are deleted. */
function deleteRows(table: LeftRows, left: LeftSession, budget: { rows: number; bytes: number }): boolean {
  // One row more than may be deleted shows whether there are more.
  for (const row of table.find(left, budget.rows + 1)) {
    if (budget.rows === 0 || budget.bytes <= 0) return false;
    table.delete(left, row);
    budget.rows -= 1;
    budget.bytes -= toOptionalColumn(row['size'], toInteger) ?? 0;
  }
  return true;
}

function createLeftAppends(db: DatabaseSync, copies: KeptCopies): LeftRows {
  const find = db.prepare(`
    select id as row, octet_length(events) as size from appends
    where session = ? and last <= ? and id <> ? order by last limit ?`);
  const remove = db.prepare('delete from appends where id = ?');
  return {
    find: ({ session, last, mark }, most) => find.all(session, last, mark, most),
    delete({ session, isDropped }, row) {
      const id = toInteger(row['row']);
      if (!isDropped) copies.keep(session, id);
      remove.run(id);
    },
  };
}

function createLeftRows(
  db: DatabaseSync,
  { table, key, text }: { readonly table: string; readonly key: string; readonly text: string },
): LeftRows {
  const find = db.prepare(`
    select ${key} as row, octet_length(${text}) as size from ${table} where session = ? limit ?`);
  const remove = db.prepare(`delete from ${table} where session = ? and ${key} = ?`);
  return {
    find: ({ session }, most) => find.all(session, most),
    delete: ({ session }, row) => {
      const value = row['row'];
      remove.run(session, typeof value === 'string' ? value : toInteger(value));
    },
  };
}

function toLeftSession(row: Row): LeftSession {
  return {
    session: toInteger(row['session']),
    last: toInteger(row['last']),
    mark: toInteger(row['mark']),
    isDropped: row['dropped'] === 1,
  };
}
