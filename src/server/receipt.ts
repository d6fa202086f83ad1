import { RefusalError } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';

/** What the sender of a message is told: the same for a repeat as for the first time. */
export interface Receipt {
  readonly message_id: string;
  readonly turn_id: string;
  readonly id: string;
}

/** Reads the receipt out of what was appended; throws `key_reused` where the key belongs to another kind of request of this session. */
export function toReceipt(entries: readonly Entry[]): Receipt {
  for (const { id, event } of entries) {
    if (event.type === 'message') return { message_id: event.message, turn_id: event.turn, id };
  }
  throw new RefusalError('key_reused');
}
