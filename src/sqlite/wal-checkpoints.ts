import type { DatabaseSync } from 'node:sqlite';
import { toInteger } from './columns.ts';

/** Copies the content of the WAL into the database file. */
export interface WalCheckpoints {
  /** Whether the WAL may contain something that the file does not have yet. */
  readonly isBehind: boolean;
  /** Schedules a checkpoint after a write: within a second, or at once if none ran in the last second. */
  wrote(): void;
  /** Runs a checkpoint now. Returns whether the file has everything, so that the WAL can start over. */
  run(): boolean;
  close(): void;
}

/**
 * The shortest time between two scheduled checkpoints, in milliseconds. It keeps the WAL short in case the
 * disk runs full, and a copy of the file alone lacks at most a second.
 */
const everyMs = 1_000;

/** Creates the WAL checkpoints of a connection. SQLite also runs its own after many writes. */
export function createWalCheckpoints(db: DatabaseSync): WalCheckpoints {
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
      // The disk is full, or the file is damaged. The next write reports it.
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
