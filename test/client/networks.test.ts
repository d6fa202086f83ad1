// The networks of docs/reliability.md, five times faster: an answer arrives whole and once. One whose
// connections all die is left out: on a machine with much to do, nothing gets through in half a second.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import type { ClientOptions } from '../../src/client/index.ts';
import { readWithClient } from '../rig/network/network-readers.ts';
import type { NetworkReading } from '../rig/network/network-readers.ts';
import { toNetworkRows } from '../rig/network/network-rows.ts';
import { startNetworkWorld, saidWords } from '../rig/network/network-world.ts';
import type { NetworkWorld } from '../rig/network/network-world.ts';

const scale = 1 / 5;
const rows = toNetworkRows(scale).filter(({ faults }) => !faults?.connection?.halfOpenAfterMs);
/** The client's own times on a clock that goes faster. */
const options: ClientOptions = {
  readTimeoutMs: 37_500 * scale,
  timing: {
    openingMs: 5_000 * scale,
    answerMs: 8_000 * scale,
    now: () => performance.now() / scale,
    sleep: (ms, signal) => delay(ms * scale, undefined, { signal }).catch(() => {}),
  },
};
const words = Array.from({ length: saidWords }, (_, index) => `w${index + 1}`);

let world: NetworkWorld;
const readings = new Map<string, Promise<NetworkReading>>();
beforeAll(async () => {
  world = await startNetworkWorld(scale);
  for (const row of rows) {
    const { url } = await world.putBefore(row);
    const prompt = `${row.name}, pause=${row.pauseMs ?? 0}`;
    const signal = AbortSignal.timeout(60_000);
    readings.set(
      row.name,
      readWithClient(createClient({ ...options, url }), prompt, { idleMs: row.idleMs, signal }),
    );
  }
});
afterAll(() => world.close());

test.each(rows)('$name', async ({ name, pauseMs = 0, faults }) => {
  const reading = await readings.get(name);
  expect(reading).toMatchObject({ words, overAt: expect.any(Number) });
  expect(reading?.error).toBeUndefined();
  // Without its key, a message that is sent again is another one.
  const hasKey = faults?.requestHeaders?.['idempotency-key'] !== null;
  if (hasKey) expect(world.turns.get(`${name}, pause=${pauseMs}`)).toBe(1);
});

test('blocks are read by long polls', async () => {
  const reading = await readings.get('passes whole blocks of 4 KiB only');
  expect(reading?.vias).toContain('long-poll');
});
