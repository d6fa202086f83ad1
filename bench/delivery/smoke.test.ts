import { expect, test } from 'vitest';
import { toMark } from './mark.ts';
import { createReceipt } from './receipt.ts';
import { smokeServers } from './servers.ts';
import { smoke } from './smoke.ts';

test.each(smokeServers)(
  'every stream of $name is complete and in order under load',
  { timeout: 60_000 },
  smoke,
);

test.each([
  { what: 'misses an event', places: [1, 3], fault: 'event 3 came after 1' },
  { what: 'repeats an event', places: [1, 2, 2], fault: 'event 2 came after 2' },
  { what: 'swaps two events', places: [2, 1], fault: 'event 2 came after 0' },
  { what: 'is whole', places: [1, 2, 3], fault: undefined },
])('the check tells that a stream $what, wherever its bytes are cut', ({ places, fault }) => {
  const bytes = Buffer.from(places.map((place) => `data: "${toMark(place)} "\n\n`).join(''));
  for (let size = 1; size <= bytes.length; size += 1) {
    const receipt = createReceipt(() => {});
    // As with a socket, the next read uses the buffer again.
    const buffer = Buffer.alloc(size);
    for (let at = 0; at < bytes.length; at += size) {
      const length = bytes.copy(buffer, 0, at, at + size);
      receipt.take(buffer.subarray(0, length), 0);
    }
    expect(receipt.fault).toBe(fault);
  }
});
