import { ClientError } from './client-error.ts';
import type { AttemptEnd } from './attempt-end.ts';
import { toEventOrder } from './event-order.ts';
import type { EventAtId } from './event-at-id.ts';

/** Where a stream stands, kept across its connections. */
export interface Cursor {
  /** The id to go on after. */
  last: string | undefined;
  /** Whether anything came yet. */
  started: boolean;
}

/** What one read of a connection brought. */
export interface Batch<T> {
  readonly batch: readonly T[];
  /** How the connection ended, where it did. */
  readonly ended?: AttemptEnd;
}

/** What came at one place of a stream: an id of its own, an event, or both. */
export interface Arrival {
  readonly id?: string | undefined;
  readonly event?: EventAtId['event'] | undefined;
}

/**
 * Makes what picks, from all that comes on one connection, what is new, and moves the cursor along. `once`: it is one answer, and an
 * `end` is its end; else a whole log is read, and a missing seq is a fault.
 */
export function createPicker(
  cursor: Cursor,
  once: boolean,
): (arrivals: Iterable<Arrival>) => Batch<EventAtId> {
  // What an id is compared with. After a resync whose state did not fit in band, any id may come next.
  let before = cursor.last;
  return (arrivals) => {
    const batch: EventAtId[] = [];
    for (const { id, event } of arrivals) {
      if (id !== undefined) {
        const place = toEventOrder(before, id);
        if (place === 'seen') continue;
        if (place === 'gap' && !once) {
          const error = new ClientError('gap', `Entries are missing before ${id}.`);
          return { batch, ended: { type: 'gap', error } };
        }
        before = cursor.last = id === '' ? undefined : id;
      }
      if (event === undefined) continue;
      if (event.type === 'resync') {
        before = event.state?.last;
        // Without a state the old id stays until the next: coming back with it asks for the resync again.
        if (event.state) cursor.last = before;
      }
      cursor.started = true;
      batch.push(id === undefined ? { event } : { id, event });
      if (once && isEnd(event)) return { batch, ended: { type: 'over' } };
    }
    return { batch };
  };
}

function isEnd(event: EventAtId['event']): boolean {
  return event.type === 'end' || (event.type === 'unknown' && event.name === 'end');
}
