import type { DatabaseSync } from 'node:sqlite';
import type { StoreCalls } from './calls.ts';
import { toOptionalColumn, toColumnText } from './columns.ts';
import type { StoredSessions } from './stored-session.ts';

type Name = 'save' | 'load' | 'keepOnly';

/** Creates the snapshots of the worker. */
export function createKeep(
  db: DatabaseSync,
  sessions: StoredSessions,
): { readonly [Each in Name]: (args: StoreCalls[Each]['args']) => StoreCalls[Each]['result'] } {
  const save = db.prepare(`
    insert into snapshots (session, name, data) values (?, ?, ?)
    on conflict (session, name) do update set data = excluded.data`);
  const load = db.prepare('select data from snapshots where session = ? and name = ?');
  const keepOnly = db.prepare('delete from snapshots where session = ? and name <> ?');

  return {
    save({ session: of, name, data }) {
      const session = sessions.getLive(of);
      // A turn saves at its end even if its session was dropped meanwhile. That must leave nothing in the
      // file.
      if (session !== undefined) save.run(session.id, name, data);
      return undefined;
    },

    load({ session: of, name }) {
      const session = sessions.getLive(of);
      return session && toOptionalColumn(load.get(session.id, name)?.['data'], toColumnText);
    },

    keepOnly({ session: of, name }) {
      const session = sessions.getLive(of);
      if (session !== undefined) keepOnly.run(session.id, name);
      return undefined;
    },
  };
}
