import { ClientError } from './client-error.ts';
import type { AttemptEnd } from './attempt-end.ts';
import { toEventOrder } from './event-order.ts';
import type { EventAtId } from './event-at-id.ts';

/** The position in a stream, kept across its connections. */
export interface Cursor {
  /** The id after which to continue. */
  last: string | undefined;
  /** Whether any event has come. */
  started: boolean;
}

/** The result of one read of a connection. */
export interface Batch<T> {
  readonly batch: readonly T[];
  /** How the connection ended, if it did. */
  readonly ended?: AttemptEnd;
}

/** One item of a stream: an id, an event, or both. */
export interface Arrival {
  readonly id?: string | undefined;
  readonly event?: EventAtId['event'] | undefined;
}

/**
 * Returns a function that picks the new events from everything that arrives on one connection, and moves the
 * cursor forward. With `once`, the stream is one answer, and an `end` event ends it. Without it, the stream
 * is a whole log, and a missing seq is an error.
 */
export function createPicker(
  cursor: Cursor,
  once: boolean,
): (arrivals: Iterable<Arrival>) => Batch<EventAtId> {
  // The next id is compared with it. After a resync whose state did not fit in band, any id may come next.
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
        // Without a state the old id stays until the next id comes. A reconnect with it repeats the resync.
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
