import { expect, test } from 'vitest';
import { giveWay, nextLoopTurn } from './event-loop.ts';

/** Works until other code has run, and gives way when `wait` asks for it. Returns the number of rounds. */
async function workUntil(isDone: () => boolean, wait: () => Promise<void> | undefined): Promise<number> {
  let rounds = 0;
  for (; !isDone() && rounds < 2_000_000; rounds += 1) await wait();
  return rounds;
}

test('work that waits only for settled promises still lets a timer fire', async () => {
  let isFired = false;
  setTimeout(() => (isFired = true), 1);
  const rounds = await workUntil(() => isFired, giveWay);
  expect(isFired).toBe(true);
  expect(rounds).toBeLessThan(2_000_000);
});

test('without giveWay the timer does not fire', async () => {
  let isFired = false;
  setTimeout(() => (isFired = true), 1);
  await workUntil(
    () => isFired,
    () => undefined,
  );
  expect(isFired).toBe(false);
  await nextLoopTurn();
});

test('work that starts after a turn of the loop continues at once', async () => {
  await nextLoopTurn();
  expect(giveWay()).toBeUndefined();
});
