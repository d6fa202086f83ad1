import type { DatabaseSync } from 'node:sqlite';
import type { StoreCalls, ListedRow } from './calls.ts';
import { toColumnText } from './columns.ts';

type Name = 'list' | 'listDue';

/** Creates the list of an owner's sessions and the list of due sessions. Each costs as much as its page. */
export function createList(db: DatabaseSync): {
  readonly [Each in Name]: (args: StoreCalls[Each]['args']) => StoreCalls[Each]['result'];
} {
  const select = db.prepare(`
    select name, head from sessions
    where owner = :owner and kind = 'session' and dropped = 0 and (active_at, name) < (:activeAt, :session)
    order by active_at desc, name desc limit :limit`);
  const due = db.prepare(
    'select name, head from sessions where due_at <= :now order by due_at, id limit :limit',
  );
  const dueOfOwner = db.prepare(`
    select name, head from sessions where owner = :owner and due_at <= :now order by due_at, id limit :limit`);
  return {
    list: ({ owner, limit, before }) =>
      select.all({ owner, limit: Math.max(0, limit), ...before }).map(toRow),
    listDue: ({ now, owner, limit }) =>
      (owner === undefined ? due.all({ now, limit }) : dueOfOwner.all({ now, owner, limit })).map(toRow),
  };
}

function toRow(row: Readonly<Record<string, unknown>>): ListedRow {
  return { session: toColumnText(row['name']), head: toColumnText(row['head']) };
}
