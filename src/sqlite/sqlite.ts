import { resolve } from 'node:path';
import { createWatchers, toHead } from '../log/internal.ts';
import type { Store } from '../log/index.ts';
import { checkNumbers } from '../protocol/internal.ts';
import { createWorkerLink } from './worker-link.ts';
import { openWorker } from './open-worker.ts';
import { createSqliteCheckpoints } from './sqlite-checkpoints.ts';
import type { PointReads } from './point-reads.ts';
import { createSqliteLog } from './sqlite-log.ts';
import { createSqliteSnapshots } from './sqlite-snapshots.ts';
import { createWatchSwitch } from './watch-switch.ts';

export interface SqliteStoreOptions {
  /** The path of the file. A missing file is created with its folder, readable by its owner only. */
  readonly path: string;
  /** How long the name of a dropped session stays taken, in milliseconds. @default 604_800_000 (a week) */
  readonly tombstoneMs?: number;
  /** Returns milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/**
 * Opens a store in a SQLite file, which several processes may share. The work runs in a thread of its own.
 * Rejects with an Error that names the path if the file cannot be opened, or if a newer Heddle wrote it.
 * Rejects with a TypeError if an option is out of range.
 */
export async function sqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const {
    path,
    tombstoneMs = 604_800_000,
    now = Date.now,
  } = checkNumbers(options, {
    tombstoneMs: { least: 1, whole: true, infinity: 'for never' },
  });
  const file = resolve(path);
  const worker = await openWorker(file, tombstoneMs);
  const points = await openPoints(file);
  const link = createWorkerLink(worker, (sessions) => {
    for (const session of sessions) watchers.wake(session);
  });
  // A short read may come before the worker starts to watch. So the watch begins where such a read would be.
  const fileWatch = createWatchSwitch((on) => link.watch(on, on ? points?.newest() : undefined));
  // The file is polled for the writes of other processes only while a session is watched.
  const watchers = createWatchers(() => fileWatch.set(watchers.size > 0));
  return {
    log: createSqliteLog({ link, points, watchers, now }),
    leases: {
      claim: (session, node, ttlMs) => link.call('claim', { session, node, ttlMs, now: now() }),
      renew: (fence, ttlMs) => link.call('renew', { fence, until: now() + ttlMs }),
      release: (fence, ifHead) => link.call('release', { fence, ifHead }),
      due: (limit) => link.call('due', { limit, now: now() }),
    },
    sessions: {
      async list(owner, { limit, before }) {
        const { activeAt = Infinity, session: last = '' } = before ?? {};
        const rows = await link.call('list', {
          owner: JSON.stringify(owner),
          limit,
          before: { activeAt, session: last },
        });
        return rows.map(({ session, head }) => ({ session, head: toHead(session, head) }));
      },
      async due({ limit, owner }) {
        const rows = await link.call('listDue', {
          now: now(),
          owner: owner === undefined ? undefined : JSON.stringify(owner),
          limit,
        });
        return rows.map(({ session, head }) => ({ session, head: toHead(session, head) }));
      },
    },
    snapshots: createSqliteSnapshots(link),
    checkpoints: createSqliteCheckpoints(link),
    check: () => link.call('check', {}),
    close: () => {
      fileWatch.close();
      points?.close();
      return link.close();
    },
  };
}

/**
 * Opens the connection for short reads. Without it the worker reads everything. Node 22 prints a warning in
 * each thread that loads its SQLite, so there it is not loaded in this one.
 */
async function openPoints(path: string): Promise<PointReads | undefined> {
  if (Number.parseInt(process.versions.node, 10) < 24) return undefined;
  try {
    const { openPointReads } = await import('./point-reads.ts');
    return openPointReads(path);
  } catch {
    return undefined;
  }
}
