import type { DatabaseSync } from 'node:sqlite';
import type { StoreCalls } from './calls.ts';
import { toColumnText, toInteger, toOptionalColumn } from './columns.ts';
import type { StoredSessions } from './stored-session.ts';

type Name = 'saveCheckpoint' | 'loadCheckpoint';

/** Creates the checkpoints of the worker. A save writes the pages that changed, and reads none. */
export function createCheckpointCalls(
  db: DatabaseSync,
  sessions: StoredSessions,
): { readonly [Each in Name]: (args: StoreCalls[Each]['args']) => StoreCalls[Each]['result'] } {
  const select = db.prepare('select tag, count, record from checkpoints where session = ?');
  const selectTag = db.prepare('select tag from checkpoints where session = ?');
  const replace = db.prepare(`
    insert into checkpoints (session, tag, count, record) values (?, ?, ?, ?)
    on conflict (session) do update set tag = excluded.tag, count = excluded.count, record = excluded.record`);
  const setPage = db.prepare(`
    insert into checkpoint_pages (session, page, data) values (?, ?, ?)
    on conflict (session, page) do update set data = excluded.data`);
  const cut = db.prepare('delete from checkpoint_pages where session = ? and page >= ?');
  const selectPages = db.prepare(`
    select page, data from checkpoint_pages where session = ? and page >= ? and page < ?`);

  return {
    saveCheckpoint({ session: name, next: { was, tag, record, count, pages } }) {
      const session = sessions.getLive(name);
      if (session === undefined) return false;
      if (toOptionalColumn(selectTag.get(session.id)?.['tag'], toColumnText) !== was) return false;
      replace.run(session.id, tag, count, record);
      for (const [page, data] of pages) if (page < count) setPage.run(session.id, page, data);
      cut.run(session.id, count);
      return true;
    },

    loadCheckpoint({ session: name, last, before }) {
      const session = sessions.getLive(name);
      const found = session && select.get(session.id);
      if (session === undefined || found === undefined) return undefined;
      const count = toInteger(found['count']);
      const end = Math.min(before, count);
      const first = Math.max(0, end - last);
      // A page that was never written is empty. The reader checks what it loads.
      const pages = Array.from({ length: end - first }, () => '');
      for (const row of selectPages.all(session.id, first, end)) {
        pages[toInteger(row['page']) - first] = toColumnText(row['data']);
      }
      return { tag: toColumnText(found['tag']), record: toColumnText(found['record']), count, first, pages };
    },
  };
}
