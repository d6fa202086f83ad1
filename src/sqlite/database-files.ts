import { statSync, statfsSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { basename } from 'node:path';

/** The files of a database at their paths. A look takes some microseconds, a group of appends a hundred. */
export interface DatabaseFiles {
  look(): Look;
}

interface Look {
  /** Says that the files are no longer the ones that were opened, so data written now would be lost. */
  readonly loss: string | undefined;
  /** The length of the WAL, in bytes. */
  readonly wal: number;
  /** The free space and the size of the disk, in bytes; Infinity if the file system does not report them. */
  readonly free: number;
  readonly total: number;
}

/** Remembers the identity of the files. Call it right after the database was opened. */
export function watchDatabaseFiles(path: string): DatabaseFiles {
  const wal = `${path}-wal`;
  const opened = [path, wal].map((each) => toIdentity(find(each)));
  return {
    look() {
      const found = [find(path), find(wal)];
      // Some file systems have no WAL, so there is none to lose.
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
    // The folder is gone, or cannot be read.
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
    // Some file systems do not report it.
  }
  return { free: Infinity, total: Infinity };
}
