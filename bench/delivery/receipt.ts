import { markLength } from './mark.ts';

/** The events that one reader has received so far. */
export interface DeliveryReceipt {
  /** Finds the events in bytes that were received at `atUs`. */
  take(bytes: Buffer, atUs: number): void;
  /** How many events were received in their place. */
  readonly received: number;
  /** The first event that is missing, repeated or out of place. */
  readonly fault: string | undefined;
}

const hash = 0x23;
const dot = 0x2e;
const zero = 0x30;

/** Creates the receipt of a stream. Calls `onEvent` with the delay of each event in microseconds. */
export function createReceipt(onEvent: (delayUs: number) => void): DeliveryReceipt {
  let received = 0;
  let fault: string | undefined;
  let rest: Buffer | undefined;
  return {
    take: (chunk, atUs) => {
      const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      rest = undefined;
      for (let at = bytes.indexOf(hash); at >= 0; at = bytes.indexOf(hash, at + markLength)) {
        if (at + markLength > bytes.length) {
          // Copied, because the next read uses the buffer again.
          rest = Buffer.from(bytes.subarray(at));
          return;
        }
        const place = toNumber(bytes, at + 1, at + 9);
        if (place === received + 1 && bytes[at + 9] === dot) received = place;
        else fault ??= `event ${place} came after ${received}`;
        onEvent(atUs - toNumber(bytes, at + 10, at + markLength));
      }
    },
    get received() {
      return received;
    },
    get fault() {
      return fault;
    },
  };
}

function toNumber(bytes: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + (bytes[at] ?? 0) - zero;
  return value;
}
