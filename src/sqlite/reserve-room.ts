import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { toInteger } from './columns.ts';

/** What a session takes to be deleted, with some to spare. */
const bytes = 256 * 1024;

/**
 * Makes a WAL long enough to delete a session in, and as much room in the file itself, while the disk has it:
 * written again and again, neither takes more, and a disk that somebody else fills leaves them be. Where that
 * cannot be written now, it is left.
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
    try {
      db.exec('rollback');
    } catch {
      // It never began.
    }
  }
}
