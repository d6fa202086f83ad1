import { fromWireId } from '../protocol/index.ts';

/**
 * The order of an event after the last one: it comes next, was seen before, or entries between them are
 * missing.
 */
export type EventOrder = 'next' | 'seen' | 'gap';

/** Compares ids by their seq. Ids of other servers carry no order: the result is always `next`. */
export function toEventOrder(last: string | undefined, id: string): EventOrder {
  const before = last === undefined ? undefined : fromWireId(last);
  const now = fromWireId(id);
  if (before === undefined || now === undefined) return 'next';
  if (now.seq > before.seq) return now.seq === before.seq + 1 ? 'next' : 'gap';
  // An id without a frame stands for the whole entry.
  const isLaterFrame = before.frame !== undefined && (now.frame ?? Infinity) > before.frame;
  return now.seq === before.seq && isLaterFrame ? 'next' : 'seen';
}
