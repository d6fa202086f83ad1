import type { DatabaseSync } from 'node:sqlite';
import { toEntryId, toSeq } from '../protocol/index.ts';
import { toAppendRow } from './append-rows.ts';
import type { AppendRows } from './append-rows.ts';
import type { AppendRow, StoreCalls } from './calls.ts';
import { toInteger } from './columns.ts';
import type { StoredSessions } from './stored-session.ts';

type Operation<Name extends 'trim' | 'drop'> = (args: StoreCalls[Name]['args']) => StoreCalls[Name]['result'];

/**
 * Creates the calls that delete entries. Both leave a row without events, so that other processes on the file
 * notice the change.
 */
export function createForget(
  db: DatabaseSync,
  sessions: StoredSessions,
  rows: AppendRows,
): { readonly trim: Operation<'trim'>; readonly drop: Operation<'drop'> } {
  // The writes of a key and of the last fenced append must stay known as long as the session lives, to answer
  // repeats.
  const keepKeys = db.prepare(`
    update keys set append = null, kept = (
      select json_object('last', last, 'count', count, 'at', at, 'tag', tag, 'events', events) from appends where id = append)
    where session = :session and append in (select id from appends where session = :session and last - count < :seq)`);
  const keepLease = db.prepare(`
    update leases set append = null, kept = (
      select json_object('last', last, 'count', count, 'at', at, 'tag', tag, 'events', events) from appends where id = append)
    where session = :session and append in (select id from appends where session = :session and last - count < :seq)`);
  const cutRow = db.prepare(
    'select id, last, count, at, tag, events from appends where session = ? and last > ? and last - count < ?',
  );
  const setRow = db.prepare('update appends set count = ?, events = ? where id = ?');
  const deleteRows = db.prepare('delete from appends where session = ? and last <= ? and id <> ?');
  const setTrimmed = db.prepare('update sessions set trimmed = ?, trimmed_id = ? where id = ?');
  const setBase = db.prepare('insert or replace into bases (session, state) values (?, ?)');
  const deleteKeys = db.prepare('delete from keys where session = ?');
  const deleteLease = db.prepare('delete from leases where session = ?');
  const deleteSnapshots = db.prepare('delete from snapshots where session = ?');
  const deleteBase = db.prepare('delete from bases where session = ?');
  const deleteCheckpoint = db.prepare('delete from checkpoints where session = ?');
  const deletePages = db.prepare('delete from checkpoint_pages where session = ?');
  const setDropped = db.prepare(`
    update sessions set dropped = 1, due_at = null, trimmed_id = null, owner = '', head = '', held_until = null where id = ?`);

  /** Removes the entries up to a seq from the row that the seq is in the middle of, if there is one. */
  const cut = (session: number, seq: number): void => {
    const found = cutRow.get(session, seq, seq);
    if (found === undefined) return;
    const row = toAppendRow(found);
    const rest = row.last - seq;
    const events: unknown = JSON.parse(row.events);
    if (!Array.isArray(events))
      throw new Error('The database is damaged: the events of an append are no array.');
    setRow.run(rest, JSON.stringify(events.slice(row.count - rest)), toInteger(found['id']));
  };

  const mark = (session: number, last: number): number =>
    rows.insert(session, { last, count: 0, at: 0, tag: '', events: '[]' } satisfies AppendRow);

  return {
    trim({ session: name, upTo, state }) {
      const session = sessions.get(name);
      const seq = toSeq(upTo);
      if (session === undefined || session.dropped || (seq > 0 && seq <= session.trimmed)) return 'done';
      const row = seq > 0 ? rows.at(session.id, seq) : undefined;
      if (row === undefined || upTo !== toEntryId(seq, row.tag)) return 'unknown';
      keepKeys.run({ session: session.id, seq });
      keepLease.run({ session: session.id, seq });
      cut(session.id, seq);
      deleteRows.run(session.id, seq, mark(session.id, seq));
      setTrimmed.run(seq, upTo, session.id);
      setBase.run(session.id, state);
      session.trimmed = seq;
      session.trimmedId = upTo;
      return 'done';
    },

    drop({ session: name }) {
      const session = sessions.get(name);
      if (session === undefined || session.dropped) return false;
      deleteRows.run(session.id, session.last, mark(session.id, session.last));
      deleteKeys.run(session.id);
      deleteLease.run(session.id);
      for (const each of [deleteSnapshots, deleteBase, deleteCheckpoint, deletePages]) each.run(session.id);
      setDropped.run(session.id);
      Object.assign(session, { dropped: true, lease: undefined });
      return true;
    },
  };
}
