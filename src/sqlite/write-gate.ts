import type { DatabaseSync } from 'node:sqlite';
import type { StoreOutcome, StoreCall } from './calls.ts';
import type { Checkpoints } from './checkpoints.ts';
import { toInteger } from './columns.ts';
import type { DatabaseFiles } from './database-files.ts';

type CallRefusal = Extract<StoreOutcome, { readonly refused: string }>;

/** Refuses what could be written and would be lost, or would leave no room to delete anything. */
export interface WriteGate {
  /** Why calls of a group are refused before it begins, by their places in it; undefined where none is. */
  refuse(requests: readonly StoreCall[]): readonly (CallRefusal | undefined)[] | undefined;
}

/**
 * What is kept free for what makes room, in bytes; of a small disk a quarter. New messages end there, turns
 * that run at half of it: to delete a session takes room in the WAL first.
 */
const reserveBytes = 4 * 1024 * 1024;
/** What a text takes at most: in the WAL and in the file, in UTF-8 and with its pages. */
const bytesPerUnit = 4;

/** Creates the gate before a database. */
export function createWriteGate(db: DatabaseSync, place: DatabaseFiles, checkpoints: Checkpoints): WriteGate {
  const pageSize = toInteger(db.prepare('pragma page_size').get()?.['page_size']);
  const freelist = db.prepare('pragma freelist_count');
  /** What was refused last, for who asks whether such a thing would be taken now. */
  let wanted = 0;

  /**
   * What can be written before the disk is full: pages of the file that are free count, and what waits in the
   * WAL needs room.
   */
  const measure = (free: number, wal: number): number =>
    free + toInteger(freelist.get()?.['freelist_count']) * pageSize - (checkpoints.isBehind ? wal : 0);

  return {
    refuse(requests) {
      if (requests.every(isOnlyRead)) return undefined;
      const { loss, wal, free, total } = place.look();
      if (loss !== undefined)
        return requests.map((each) =>
          isOnlyRead(each) ? undefined : { refused: 'unavailable', reason: loss },
        );

      const reserve = Math.min(reserveBytes, total / 4);
      const size = requests.reduce((sum, each) => sum + sizeOf(each, wanted), 0);
      if (free - wal - size >= reserve) {
        wanted = 0;
        return undefined;
      }
      if (checkpoints.isBehind) checkpoints.run();
      const room = measure(place.look().free, wal) - size;
      const refusals = requests.map((each): CallRefusal | undefined =>
        room >= shareOf(each) * reserve
          ? undefined
          : {
              refused: 'storage_full',
              reason: `the disk has ${toMebibytes(free)} left, of which ${toMebibytes(reserve)} are kept for deleting`,
            },
      );
      const isRefused = refusals.some((each) => each !== undefined);
      if (isRefused || requests.some(({ name }) => name === 'check')) wanted = isRefused ? size : 0;
      return isRefused ? refusals : undefined;
    },
  };
}

/**
 * Whether a call writes nothing. The look for due work is made every second: it finds out, too, that the file
 * is gone.
 */
function isOnlyRead({ name }: StoreCall): boolean {
  return name === 'read' || name === 'list' || name === 'listDue' || name === 'load';
}

/** How much of the reserve a call leaves untouched. */
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
    default:
      return 0;
  }
}

function toMebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
