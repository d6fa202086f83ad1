import { statSync, statfsSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { basename } from 'node:path';

/**
 * The files of a database, where they stand. A look at them costs some microseconds, and a group of appends a
 * hundred.
 */
export interface DatabaseFiles {
  look(): Look;
}

interface Look {
  /**
   * What has become of the files, where they are not those that were opened: what is written then, nobody
   * finds again.
   */
  readonly loss: string | undefined;
  /** The length of the WAL, in bytes. */
  readonly wal: number;
  /** What the disk has left and what it holds in all, in bytes; Infinity where it does not tell. */
  readonly free: number;
  readonly total: number;
}

/** Remembers which files they are: those of a database that has just been opened. */
export function watchDatabaseFiles(path: string): DatabaseFiles {
  const wal = `${path}-wal`;
  const opened = [path, wal].map((each) => toIdentity(find(each)));
  return {
    look() {
      const found = [find(path), find(wal)];
      // Without a WAL, as on some file systems, there is none to lose.
      const lost = found.findIndex(
        (each, index) => opened[index] !== undefined && toIdentity(each) !== opened[index],
      );
      return {
        loss: lost < 0 ? undefined : toSentence(lost === 0 ? path : wal),
        wal: Number(found[1]?.size ?? 0),
        ...measure(path),
      };
    },
  };
}

function toSentence(path: string): string {
  return `${basename(path)} was deleted, moved or replaced while it was open: nothing is written until it is back, or the server starts anew`;
}

function find(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // The folder is not there any more, or not to be looked into.
    return undefined;
  }
}

function toIdentity(found: BigIntStats | undefined): string | undefined {
  return found && `${found.dev} ${found.ino}`;
}

function measure(path: string): { readonly free: number; readonly total: number } {
  try {
    const { bavail, blocks, bsize } = statfsSync(path);
    if (blocks > 0) return { free: bavail * bsize, total: blocks * bsize };
  } catch {
    // Not every file system tells.
  }
  return { free: Infinity, total: Infinity };
}
