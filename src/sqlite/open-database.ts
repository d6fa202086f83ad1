import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { toSqliteCode } from './failure.ts';
import { toInteger } from './columns.ts';
import { schemaSteps, schemaVersion } from './schema.ts';

/** How long a process waits for another one's transaction, in milliseconds. */
const busyMs = 5_000;

/** Opens the file, and creates it if it does not exist. Throws an error that says what is wrong with it. */
export function openDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  createFile(path);
  const db = new DatabaseSync(path);
  try {
    db.exec(`pragma busy_timeout = ${busyMs}`);
    // The busy timeout does not apply when two processes switch a new file to WAL at the same time.
    retryWhileBusy(() => db.exec('pragma journal_mode = wal'));
    db.exec('pragma wal_autocheckpoint = 4000; pragma cache_size = -16000; pragma temp_store = memory');
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Creates the file before SQLite does, readable by its owner only; the WAL gets the same mode. An existing
 * file is not even opened: when a process closes any descriptor of a file, POSIX releases the locks of its
 * other connections to it.
 */
function createFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (toSqliteCode(error) !== 'EEXIST') throw error;
  }
}

function migrate(db: DatabaseSync): void {
  db.exec('begin immediate');
  try {
    const version = toInteger(db.prepare('pragma user_version').get()?.['user_version']);
    if (version > schemaVersion) {
      throw new Error(
        `it was written by a newer Heddle (its schema is ${version}, this Heddle knows ${schemaVersion}): update Heddle, or name another file`,
      );
    }
    if (version === 0 && db.prepare('select 1 from sqlite_schema').get() !== undefined) {
      throw new Error('it is a database of another program: name another file');
    }
    if (version < schemaVersion) {
      for (const step of schemaSteps.slice(version)) db.exec(step);
      db.exec(`pragma user_version = ${schemaVersion}`);
    }
    db.exec('commit');
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}

function retryWhileBusy(run: () => void): void {
  const until = performance.now() + busyMs;
  for (;;) {
    try {
      run();
      return;
    } catch (error) {
      if (toSqliteCode(error) !== 'SQLITE_BUSY' || performance.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
