import type { DatabaseSync } from 'node:sqlite';
import type { StoreCalls } from './calls.ts';
import { toInteger } from './columns.ts';
import type { Leftovers } from './leftovers.ts';
import type { StoredSessions } from './stored-session.ts';

/**
 * Creates the call that deletes a slice of what is left behind: first the rows that nobody reads any more, then
 * the dropped sessions whose names may be taken again. It returns whether there may be more.
 */
export function createSweep(
  db: DatabaseSync,
  sessions: StoredSessions,
  leftovers: Leftovers,
): (args: StoreCalls['sweep']['args']) => boolean {
  const expired = db.prepare('select id from sessions where dropped_at <= ? order by dropped_at limit ?');
  // The newest row keeps ids growing, whatever its session.
  const deleteMark = db.prepare(
    'delete from appends where session = ? and id < (select max(id) from appends)',
  );
  const deleteSession = db.prepare(`
    delete from sessions where id = ? and not exists (select 1 from appends where session = sessions.id)`);

  return ({ rows, droppedUntil }) => {
    if (leftovers.deleteSome(rows)) return true;
    const found = expired.all(droppedUntil, rows).map((row) => toInteger(row['id']));
    let deleted = 0;
    for (const id of found) {
      deleteMark.run(id);
      deleted += Number(deleteSession.run(id).changes);
    }
    if (deleted > 0) sessions.forget();
    return deleted === rows;
  };
}
