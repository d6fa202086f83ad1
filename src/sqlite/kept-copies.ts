import type { DatabaseSync } from 'node:sqlite';

/** Copies of trimmed appends, for as long as a key or a fence can be repeated. */
export interface KeptCopies {
  /** Copies an append that is about to be changed or deleted, if a key or the lease points at it. */
  keep(session: number, append: number): void;
}

/** Creates the copies. Each is found by an index, so a trim does not look at the other keys of its session. */
export function createKeptCopies(db: DatabaseSync): KeptCopies {
  const copy = `append = null, kept = (
    select json_object('last', last, 'count', count, 'at', at, 'tag', tag, 'events', events)
    from appends where id = append)`;
  const keepKey = db.prepare(`update keys set ${copy} where append = ?`);
  const keepLease = db.prepare(`update leases set ${copy} where session = ? and append = ?`);
  return {
    keep(session, append) {
      keepKey.run(append);
      keepLease.run(session, append);
    },
  };
}
