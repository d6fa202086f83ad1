import { expect, test } from 'vitest';
import { createQueue } from './create-queue.ts';

test('events come in order, also those that are pushed while the reader waits', async () => {
  const queue = createQueue<number>();
  queue.push(1);
  queue.push(2);
  const read: number[] = [];
  const reading = (async () => {
    for await (const event of queue) {
      read.push(event);
      if (event === 2) queueMicrotask(() => queue.push(3));
      if (event === 3) queueMicrotask(() => queue.end());
    }
  })();
  await reading;
  queue.push(4);
  expect(read).toEqual([1, 2, 3]);
  expect(queue.size).toBe(0);
});

test('a failure comes after the events before it, and the first end counts', async () => {
  const queue = createQueue<string>();
  queue.push('said');
  queue.fail(new Error('broken'));
  queue.end();
  const read: string[] = [];
  const reading = (async () => {
    for await (const event of queue) read.push(event);
  })();
  await expect(reading).rejects.toThrow('broken');
  expect(read).toEqual(['said']);
});
