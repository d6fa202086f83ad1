import { fromWireId } from '../protocol/index.ts';

/** Where an event stands to the last one: it comes next, it was there before, or others are missing between them. */
export type EventOrder = 'next' | 'seen' | 'gap';

/** Compares ids by their seq. Ids that are not of this protocol, as other servers make them, say nothing: always `next`. */
export function toEventOrder(last: string | undefined, id: string): EventOrder {
  const before = last === undefined ? undefined : fromWireId(last);
  const now = fromWireId(id);
  if (before === undefined || now === undefined) return 'next';
  if (now.seq > before.seq) return now.seq === before.seq + 1 ? 'next' : 'gap';
  // An id without a frame stands for the whole entry.
  const isLaterFrame = before.frame !== undefined && (now.frame ?? Infinity) > before.frame;
  return now.seq === before.seq && isLaterFrame ? 'next' : 'seen';
}
