import type { DatabaseSync } from 'node:sqlite';
import { decideAppend } from '../log/internal.ts';
import { mint } from '../protocol/internal.ts';
import type { AppendRows } from './append-rows.ts';
import type { AppendCall, AppendResult, NextHeadRow } from './calls.ts';
import { toInteger, toColumnText } from './columns.ts';
import type { StoredSession, StoredSessions } from './stored-session.ts';

/**
 * Creates the append of the worker. It decides before it writes, so a refused append leaves nothing in the
 * group's transaction.
 */
export function createAppend(
  db: DatabaseSync,
  sessions: StoredSessions,
  rows: AppendRows,
): (call: AppendCall) => AppendResult {
  const insert = db.prepare(`
    insert into sessions (name, version, kind, active_at, due_at, owner, head) values (?, 0, '', 0, null, '', '')`);
  const setHead = db.prepare(`
    update sessions set version = ?, kind = ?, active_at = ?, due_at = ?, owner = ?, head = ? where id = ?`);
  const selectKey = db.prepare('select digest, append, kept from keys where session = ? and key = ?');
  const insertKey = db.prepare('insert into keys (session, key, digest, append) values (?, ?, ?, ?)');
  const selectLease = db.prepare('select answered, append, kept from leases where session = ?');
  const setLease = db.prepare(
    'update leases set n = ?, answered = ?, append = ?, kept = null where session = ?',
  );

  const create = (name: string): StoredSession => {
    insert.run(name);
    const created = sessions.get(name);
    if (created === undefined) throw new Error('A session that was just made is not there.');
    return created;
  };

  const replaceHead = (session: StoredSession, head: NextHeadRow): void => {
    session.version = head.was + 1;
    session.head = head.text;
    const { was, kind, activeAt, dueAt = null, owner, text } = head;
    setHead.run(was + 1, kind, activeAt, dueAt, owner, text, session.id);
  };

  const write = (
    session: StoredSession,
    { at, count, events, head, key, fence }: AppendCall,
  ): AppendResult => {
    const row = { last: session.last + count, count, at, tag: mint(6), events };
    const written = count === 0 ? null : rows.insert(session.id, row);
    session.last = row.last;
    if (head !== undefined) replaceHead(session, head);
    if (key !== undefined) insertKey.run(session.id, key.id, key.digest, written);
    if (fence !== undefined && session.lease !== undefined) {
      session.lease.n = fence.n;
      setLease.run(fence.n, session.version, written, session.id);
    }
    return { type: 'written', row, version: session.version };
  };

  return (call) => {
    const found = sessions.get(call.session);
    const facts = found && {
      ...found,
      digestOf: (key: string) => {
        const row = selectKey.get(found.id, key);
        return row && toColumnText(row['digest']);
      },
    };
    const admission = decideAppend(
      call.session,
      facts === undefined ? 'none' : facts.dropped ? 'dropped' : facts,
      call,
    );
    if (admission === 'repeat') {
      const lease = found && selectLease.get(found.id);
      return { type: 'repeat', row: rows.written(lease), version: toInteger(lease?.['answered']) };
    }
    if (admission === 'duplicate') {
      const key = found && call.key && selectKey.get(found.id, call.key.id);
      return { type: 'duplicate', row: rows.written(key) };
    }
    return admission === 'write'
      ? write(found ?? create(call.session), call)
      : { type: 'refused', reason: admission };
  };
}
