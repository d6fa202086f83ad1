// Random sessions in the words of A2A, before the decoder of the official package.
import { expect, test } from 'vitest';
import { checkA2aSession } from '../rig/dialects/check-a2a-session.ts';
import { runRandomSession } from '../rig/dialects/random-session.ts';

/** `npm run proof:a2a` runs more. */
const seeds = Array.from({ length: 25 }, (_, index) => index + 1);

test('the decoder takes every frame of random sessions, and whoever subscribes at any entry misses nothing', async () => {
  const count = { frames: 0, subscriptions: 0 };
  for (const seed of seeds) {
    const { session, log } = await runRandomSession(seed);
    try {
      await checkA2aSession(session, log, count);
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
  expect(count.frames).toBeGreaterThan(500);
  expect(count.subscriptions).toBeGreaterThan(500);
});
