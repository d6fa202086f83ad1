import { DatabaseSync } from 'node:sqlite';
import { createAppendRows, createNewest } from './append-rows.ts';
import type { ReadCall, ReadResult } from './calls.ts';
import { createRead } from './read.ts';
import { rollBack } from './roll-back.ts';
import { createStoredSessions } from './stored-session.ts';

/** Short reads on a connection of their own, in the thread of the caller. */
export interface PointReads {
  /** Reads what is committed. Returns undefined if the worker has to read it. */
  read(call: ReadCall): ReadResult | undefined;
  /** Returns the id of the newest row of `appends`, or 0; undefined if it cannot be read now. */
  newest(): number | undefined;
  close(): void;
}

/** The most entries of a short read: a page of a reader. */
const maxEntries = 256;

/**
 * Opens the connection to a file that the worker has opened. A short read costs a tenth of a call to another
 * thread (docs/decisions/017-short-reads-beside-the-worker.md). Throws if the file cannot be opened.
 */
export function openPointReads(path: string): PointReads {
  const db = new DatabaseSync(path, { readOnly: true });
  // This thread must not wait for another connection. The worker can.
  db.exec('pragma busy_timeout = 0; pragma cache_size = -2000; pragma temp_store = memory');
  const sessions = createStoredSessions(db);
  const read = createRead(db, sessions, createAppendRows(db));
  const begin = db.prepare('begin');
  const commit = db.prepare('commit');
  const newest = createNewest(db);
  let isOpen = true;

  return {
    read(call) {
      if (!isOpen || call.limit > maxEntries) return undefined;
      try {
        // One transaction, so that all statements see the same commit.
        begin.run();
        sessions.refresh();
        const result = read(call);
        commit.run();
        return result;
      } catch {
        // The file is busy or damaged. The worker waits, or reports it.
        sessions.forget();
        rollBack(db);
        return undefined;
      }
    },
    newest() {
      if (!isOpen) return undefined;
      try {
        return newest();
      } catch {
        return undefined;
      }
    },
    close() {
      if (isOpen) db.close();
      isOpen = false;
    },
  };
}
