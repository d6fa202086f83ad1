import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { toInteger } from './columns.ts';
import { rollBack } from './roll-back.ts';

/** The bytes that deleting a session takes, with some to spare. */
const bytes = 256 * 1024;

/**
 * Grows the WAL until a session can be deleted in it, and leaves as many free bytes inside the file, while
 * the disk has room. SQLite reuses this space, so it is still there after other programs have filled the
 * disk. If the disk has no room now, does nothing.
 */
export function reserveRoom(db: DatabaseSync, path: string): void {
  const { freelist_count: free } = db.prepare('pragma freelist_count').get() ?? {};
  const { page_size: size } = db.prepare('pragma page_size').get() ?? {};
  const wal = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (wal >= bytes && toInteger(free) * toInteger(size) >= bytes) return;
  try {
    db.exec(`
      pragma synchronous = normal;
      begin immediate;
      insert into snapshots (session, name, data) values (-1, '', hex(zeroblob(${bytes / 2})));
      commit;
      delete from snapshots where session = -1`);
  } catch {
    rollBack(db);
  }
}
