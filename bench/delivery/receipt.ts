import { markLength } from './mark.ts';

/** What one reader got so far. */
export interface DeliveryReceipt {
  /** Looks for events in the bytes that came at `atUs`. */
  take(bytes: Buffer, atUs: number): void;
  /** How many events came, each in its place. */
  readonly received: number;
  /** Why the stream is not what was said: the first event that is missing, repeated or out of place. */
  readonly fault: string | undefined;
}

const hash = 0x23;
const dot = 0x2e;
const zero = 0x30;

/** Creates the receipt of a stream; `onEvent` is told how long each event took, in microseconds. */
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
          // A copy: the buffer is used again for the next read.
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
