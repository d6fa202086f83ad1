import type { DatabaseSync } from 'node:sqlite';
import { isReading } from './calls.ts';
import type { StoreOutcome, StoreCall } from './calls.ts';
import type { WalCheckpoints } from './wal-checkpoints.ts';
import { toInteger } from './columns.ts';
import type { DatabaseFiles } from './database-files.ts';

type CallRefusal = Extract<StoreOutcome, { readonly refused: string }>;

/** Refuses writes that would be lost, or that would leave no room to delete anything. */
export interface WriteGate {
  /**
   * Returns the refusals of a group before it runs, in the order of its calls; undefined if there are none.
   */
  refuse(requests: readonly StoreCall[]): readonly (CallRefusal | undefined)[] | undefined;
}

/**
 * How many bytes are kept free for the calls that make room; a quarter of the disk if it is small. New
 * messages are refused below this reserve, writes of turns below half of it. The reserve exists because
 * deleting a session first takes room in the WAL.
 */
const reserveBytes = 4 * 1024 * 1024;
/** How many reserves must be left for a call that writes only a cache. */
const cacheShare = 2;
/** The bytes reserved for a UTF-16 unit: as UTF-8, in the WAL and in the file, with their pages. */
const bytesPerUnit = 4;

/** Creates the gate in front of a database. */
export function createWriteGate(
  db: DatabaseSync,
  place: DatabaseFiles,
  walCheckpoints: WalCheckpoints,
): WriteGate {
  const pageSize = toInteger(db.prepare('pragma page_size').get()?.['page_size']);
  const freelist = db.prepare('pragma freelist_count');
  /**
   * The size of the group that was refused last. `check` uses it to answer whether such a group would be
   * accepted now.
   */
  let wanted = 0;

  /**
   * Returns how much can be written before the disk is full, in bytes. Free pages of the file count. Content
   * of the WAL that is not in the file yet needs room.
   */
  const measure = (free: number, wal: number): number =>
    free + toInteger(freelist.get()?.['freelist_count']) * pageSize - (walCheckpoints.isBehind ? wal : 0);

  return {
    refuse(requests) {
      if (requests.every(isReading)) return undefined;
      const { loss, wal, free, total } = place.look();
      if (loss !== undefined)
        return requests.map((each) =>
          isReading(each) ? undefined : { refused: 'unavailable', reason: loss },
        );

      const reserve = Math.min(reserveBytes, total / 4);
      const sizeOfAll = (those: readonly StoreCall[]): number =>
        those.reduce((sum, each) => sum + sizeOf(each, wanted), 0);
      const size = sizeOfAll(requests);
      if (free - wal - size >= (requests.some(isCache) ? cacheShare : 1) * reserve) {
        wanted = 0;
        return undefined;
      }
      if (walCheckpoints.isBehind) walCheckpoints.run();
      const room = measure(place.look().free, wal);
      const refusal: CallRefusal = {
        refused: 'storage_full',
        reason: `the disk has ${toMebibytes(free)} left, of which ${toMebibytes(reserve)} are kept for deleting`,
      };
      // The caches give way first, and then their bytes do not count against the others.
      const takesCaches = room - size >= cacheShare * reserve;
      const others = requests.filter((each) => !isCache(each));
      const needed = takesCaches ? size : sizeOfAll(others);
      const isRefused = (each: StoreCall): boolean =>
        isCache(each) ? !takesCaches : room - needed < shareOf(each) * reserve;
      const isFull = others.some(isRefused);
      if (isFull || requests.some(({ name }) => name === 'check')) wanted = isFull ? needed : 0;
      return requests.some(isRefused)
        ? requests.map((each) => (isRefused(each) ? refusal : undefined))
        : undefined;
    },
  };
}

/** Whether a call writes only what can be made again from a log. */
function isCache({ name }: StoreCall): boolean {
  return name === 'saveCheckpoint';
}

/** Returns the share of the reserve that a call must leave untouched. */
function shareOf(request: StoreCall): number {
  switch (request.name) {
    case 'check':
      return 1;
    case 'append':
      return request.args.fence === undefined ? 1 : 0.5;
    case 'save':
    case 'trim':
      return 0.5;
    default:
      return -Infinity;
  }
}

function sizeOf(request: StoreCall, wanted: number): number {
  switch (request.name) {
    case 'check':
      return wanted;
    case 'append':
      return (request.args.events.length + (request.args.head?.text.length ?? 0)) * bytesPerUnit;
    case 'save':
      return request.args.data.length * bytesPerUnit;
    case 'trim':
      return request.args.state.length * bytesPerUnit;
    case 'saveCheckpoint': {
      const { record, pages } = request.args.next;
      return [record, ...pages.values()].reduce((sum, { length }) => sum + length, 0) * bytesPerUnit;
    }
    default:
      return 0;
  }
}

function toMebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
