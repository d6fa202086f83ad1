import type { DatabaseSync } from 'node:sqlite';
import { toEntryId, toSeq } from '../protocol/index.ts';
import { toAppendRow } from './append-rows.ts';
import type { AppendRows } from './append-rows.ts';
import type { AppendRow, StoreCalls } from './calls.ts';
import { toInteger } from './columns.ts';
import type { KeptCopies } from './kept-copies.ts';
import type { Leftovers } from './leftovers.ts';
import type { StoredSessions } from './stored-session.ts';

type Operation<Name extends 'trim' | 'drop'> = (args: StoreCalls[Name]['args']) => StoreCalls[Name]['result'];

interface ForgetParts {
  readonly rows: AppendRows;
  readonly leftovers: Leftovers;
  readonly copies: KeptCopies;
}

/**
 * Creates the calls that delete entries. Both only mark what is deleted, however long the conversation is, and
 * leave its rows to the sweeper. The mark is a row without events, so other processes on the file notice the
 * change.
 */
export function createForget(
  db: DatabaseSync,
  sessions: StoredSessions,
  { rows, leftovers, copies }: ForgetParts,
): { readonly trim: Operation<'trim'>; readonly drop: Operation<'drop'> } {
  const rowAfter = db.prepare(`
    select id, last, count, at, tag, events from appends where session = ? and last > ? order by last limit 1`);
  const setRow = db.prepare('update appends set count = ?, events = ? where id = ?');
  const setTrimmed = db.prepare('update sessions set trimmed = ?, trimmed_id = ? where id = ?');
  const setBase = db.prepare('insert or replace into bases (session, state) values (?, ?)');
  const deleteLease = db.prepare('delete from leases where session = ?');
  const setDropped = db.prepare(`
    update sessions set dropped = 1, dropped_at = ?, due_at = null, held_until = null, trimmed_id = null,
      owner = '', head = ''
    where id = ?`);

  /** Removes the entries up to a seq from the row that the seq is in the middle of. */
  const cut = (session: number, seq: number): void => {
    const found = rowAfter.get(session, seq) ?? {};
    const row = toAppendRow(found);
    const id = toInteger(found['id']);
    const rest = row.last - seq;
    const events: unknown = JSON.parse(row.events);
    if (!Array.isArray(events))
      throw new Error('The database is damaged: the events of an append are no array.');
    copies.keep(session, id);
    setRow.run(rest, JSON.stringify(events.slice(row.count - rest)), id);
  };

  /** Leaves the rows up to a seq to be deleted. */
  const leave = (session: number, last: number): void => {
    const mark: AppendRow = { last, count: 0, at: 0, tag: '', events: '[]' };
    leftovers.add(session, last, rows.insert(session, mark));
  };

  return {
    trim({ session: name, upTo, state }) {
      const session = sessions.get(name);
      const seq = toSeq(upTo);
      if (session === undefined || session.dropped || (seq > 0 && seq <= session.trimmed)) return 'done';
      const row = seq > 0 ? rows.at(session.id, seq) : undefined;
      if (row === undefined || upTo !== toEntryId(seq, row.tag)) return 'unknown';
      if (row.last > seq) cut(session.id, seq);
      leave(session.id, seq);
      setTrimmed.run(seq, upTo, session.id);
      setBase.run(session.id, state);
      session.trimmed = seq;
      session.trimmedId = upTo;
      return 'done';
    },

    drop({ session: name }) {
      const session = sessions.get(name);
      if (session === undefined || session.dropped) return false;
      leave(session.id, session.last);
      deleteLease.run(session.id);
      setDropped.run(Date.now(), session.id);
      Object.assign(session, { dropped: true, lease: undefined });
      return true;
    },
  };
}
