import { parentPort, workerData } from 'node:worker_threads';
import type { Stop } from '../log/index.ts';
import { isRecord } from '../protocol/internal.ts';
import { createWalCheckpoints } from './wal-checkpoints.ts';
import { toColumnText, toInteger } from './columns.ts';
import { toOpenReason } from './failure.ts';
import { createWriteGate } from './write-gate.ts';
import { createGroup } from './group.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { openDatabase } from './open-database.ts';
import { watchDatabaseFiles } from './database-files.ts';
import { reserveRoom } from './reserve-room.ts';
import { fromSideBySide, toGroupReply } from './side-by-side.ts';
import { createSweeper } from './sweeper.ts';
import { watchFile } from './watch-file.ts';

/** Runs in the thread that writes the database, so that the main thread never waits for a commit. */
function serve(path: string, tombstoneMs: number): void {
  const db = openDatabase(path);
  reserveRoom(db, path);
  const walCheckpoints = createWalCheckpoints(db);
  // Moves the tables of a new file, and what a killed process left in the WAL, into the file.
  walCheckpoints.run();
  const gate = createWriteGate(db, watchDatabaseFiles(path), walCheckpoints);
  const run = createGroup(db, { gate, walCheckpoints });
  const sweeper = createSweeper(run, tombstoneMs);
  let stopWatching: Stop | undefined;
  parentPort?.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'group': {
        const requests = fromSideBySide(message);
        tell({ type: 'outcomes', ...toGroupReply(run(requests), requests) });
        if (requests.some(({ name }) => name === 'drop' || name === 'trim')) sweeper.wake();
        return;
      }
      case 'watch':
        stopWatching?.();
        stopWatching = message.on
          ? watchFile(db, message.since, (sessions) => tell({ type: 'changed', sessions }))
          : undefined;
        return;
      case 'close':
        stopWatching?.();
        sweeper.close();
        walCheckpoints.close();
        db.close();
        // Closing the port is enough: nothing else keeps the thread alive. Deno's port has no `close`. In
        // Node, an exit of the thread crashes the process now and then.
        if (parentPort && 'close' in parentPort) parentPort.close();
        else process.exit();
    }
  });
  tell({ type: 'ready' });
}

function tell(message: FromWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(message);
}

try {
  const { path, tombstoneMs } = isRecord(workerData) ? workerData : {};
  serve(toColumnText(path), toInteger(tombstoneMs));
} catch (error) {
  tell({ type: 'failed', reason: toOpenReason(error) });
}
