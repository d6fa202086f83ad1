import type { DatabaseSync } from 'node:sqlite';
import type { StoreCalls, ListedRow } from './calls.ts';
import { toColumnText } from './columns.ts';

type Name = 'list' | 'listDue';

/**
 * Creates the list of an owner's sessions and the list of due sessions. A page of the first also holds all
 * sessions that were active at the same time as its last one.
 */
export function createList(db: DatabaseSync): {
  readonly [Each in Name]: (args: StoreCalls[Each]['args']) => StoreCalls[Each]['result'];
} {
  const mine = `owner = :owner and kind = 'session' and dropped = 0 and active_at < :before`;
  const select = db.prepare(`
    select name, head from sessions
    where ${mine} and active_at >= coalesce(
      (select active_at from sessions where ${mine} order by active_at desc limit 1 offset :limit - 1), -9e999)
    order by active_at desc`);
  const due = db.prepare(`
    select name, head from sessions
    where due_at <= :now and (:owner is null or owner = :owner) order by due_at, id limit :limit`);
  return {
    list: ({ owner, limit, before }) => (limit < 1 ? [] : select.all({ owner, before, limit }).map(toRow)),
    listDue: ({ now, owner, limit }) => due.all({ now, owner: owner ?? null, limit }).map(toRow),
  };
}

function toRow(row: Readonly<Record<string, unknown>>): ListedRow {
  return { session: toColumnText(row['name']), head: toColumnText(row['head']) };
}
