import type { DatabaseSync } from 'node:sqlite';
import { toInteger } from './columns.ts';

/** Writes what stands in the WAL into the file. */
export interface Checkpoints {
  /** Whether something may stand in the WAL that the file has not. */
  readonly isBehind: boolean;
  /**
   * Something was written: it goes into the file within a second, and at once where nothing did for a second.
   */
  wrote(): void;
  /** Writes it now; whether the file has all of it, and the WAL begins anew. */
  run(): boolean;
  close(): void;
}

/**
 * How often at most, in milliseconds. So the WAL is short when a disk runs full, and a file that is copied
 * alone lacks a second.
 */
const everyMs = 1_000;

/**
 * Creates the checkpoints of a connection, beside those that SQLite makes by itself where much is written.
 */
export function createCheckpoints(db: DatabaseSync): Checkpoints {
  const checkpoint = db.prepare('pragma wal_checkpoint(passive)');
  let isBehind = true;
  let ranAt = -everyMs;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const run = (): boolean => {
    clearTimeout(timer);
    timer = undefined;
    try {
      const row = checkpoint.get();
      isBehind = toInteger(row?.['busy']) !== 0 || row?.['log'] !== row?.['checkpointed'];
    } catch {
      // The disk is full, or the file damaged: whoever writes is told.
      isBehind = true;
    }
    return !isBehind;
  };

  return {
    get isBehind() {
      return isBehind;
    },
    wrote() {
      isBehind = true;
      timer ??= setTimeout(
        () => {
          ranAt = performance.now();
          run();
        },
        Math.max(0, ranAt + everyMs - performance.now()),
      );
    },
    run,
    close: () => clearTimeout(timer),
  };
}
