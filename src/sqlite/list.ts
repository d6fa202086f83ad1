import type { DatabaseSync } from 'node:sqlite';
import type { Calls } from './calls.ts';
import { toText } from './columns.ts';

/** Creates the list of an owner's sessions: a page, and those as active as its last one. */
export function createList(db: DatabaseSync): (args: Calls['list']['args']) => Calls['list']['result'] {
  const mine = `owner = ?1 and kind = 'session' and dropped = 0 and active_at < ?2`;
  const select = db.prepare(`
    select name, head from sessions
    where ${mine} and active_at >= coalesce(
      (select active_at from sessions where ${mine} order by active_at desc limit 1 offset ?3 - 1), -9e999)
    order by active_at desc`);
  return ({ owner, limit, before }) =>
    limit < 1
      ? []
      : select
          .all(owner, before, limit)
          .map((row) => ({ session: toText(row['name']), head: toText(row['head']) }));
}
