import { RefusalError } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';

/** The receipt for the sender of a message. A repeated request gets the same one. */
export interface Receipt {
  readonly message_id: string;
  readonly turn_id: string;
  readonly id: string;
}

/**
 * Reads the receipt from the appended entries, which may begin with a past. Throws `key_reused` if the
 * idempotency key belongs to another kind of request of this session.
 */
export function toReceipt(entries: readonly Entry[]): Receipt {
  for (const { id, event } of entries) {
    if (event.type === 'message' && !event.past)
      return { message_id: event.message, turn_id: event.turn, id };
  }
  throw new RefusalError('key_reused');
}
