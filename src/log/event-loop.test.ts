import { expect, test } from 'vitest';
import { giveWay, nextLoopTurn } from './event-loop.ts';

/** Works until something else had its turn, and gives way when it should. */
async function workUntil(isDone: () => boolean, wait: () => Promise<void> | undefined): Promise<number> {
  let rounds = 0;
  for (; !isDone() && rounds < 2_000_000; rounds += 1) await wait();
  return rounds;
}

test('work that waits for settled promises only lets a timer come in between', async () => {
  let isFired = false;
  setTimeout(() => (isFired = true), 1);
  const rounds = await workUntil(() => isFired, giveWay);
  expect(isFired).toBe(true);
  expect(rounds).toBeLessThan(2_000_000);
});

test('without it the timer does not come', async () => {
  let isFired = false;
  setTimeout(() => (isFired = true), 1);
  await workUntil(
    () => isFired,
    () => undefined,
  );
  expect(isFired).toBe(false);
  await nextLoopTurn();
});

test('work that begins after a turn of the loop goes on at once', async () => {
  await nextLoopTurn();
  expect(giveWay()).toBeUndefined();
});
