// Random sessions in the words of A2A, before the decoder of the official package.
import { expect, test } from 'vitest';
import type { SessionEvent } from 'heddle';
import { toEntryId } from '../../src/protocol/index.ts';
import { checkA2aSession } from '../rig/dialects/check-a2a-session.ts';
import { runRandomSession } from '../rig/dialects/random-session.ts';

/** `npm run proof:dialects` runs more. */
const seeds = Array.from({ length: 25 }, (_, index) => index + 1);

test('the decoder takes every frame of random sessions, and a client that subscribes at any entry misses nothing', async () => {
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

test('text that was taken back keeps its place for a client that subscribes before there is text again', async () => {
  const [turn, message] = ['t'.repeat(16), 'm'.repeat(16)];
  const say = (part: string, data: string): readonly SessionEvent[] => [
    { type: 'content_start', turn, part },
    { type: 'content', turn, part, data },
  ];
  const events: readonly SessionEvent[] = [
    { type: 'message', at: 1, message, turn, content: 'Go.' },
    { type: 'message_start', at: 2, message, turn, attempt: 1 },
    ...say('p1', 'wrong'),
    { type: 'replace', turn, part: 'p1', data: '' },
    ...say('p2', 'second'),
    { type: 'content', turn, part: 'p1', data: 'first ' },
    { type: 'message_end', turn, outcome: 'completed' },
  ];
  const log = events.map((event, index) => ({ id: toEntryId(index + 1, 'abcdef'), at: index, event }));
  const count = { frames: 0, subscriptions: 0 };
  await checkA2aSession('s'.repeat(22), log, count);
  expect(count.subscriptions).toBe(8);
});
