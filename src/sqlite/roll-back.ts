import type { DatabaseSync } from 'node:sqlite';

/** Ends a transaction that failed, if it is still open. */
export function rollBack(db: DatabaseSync): void {
  try {
    db.exec('rollback');
  } catch {
    // SQLite has already rolled back, or the transaction never began.
  }
}
