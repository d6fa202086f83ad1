import { expect, test } from 'vitest';
import { toNextHead } from '../store/contract-check.ts';
import { storeContract } from '../store/index.ts';
import { memoryStore } from './memory.ts';

for (const { name, run } of storeContract) {
  test(`memory: ${name}`, () => run(async (now) => memoryStore({ now })));
}

test('a reader cannot change what it read from memory', async () => {
  const { log } = memoryStore();
  await log.append('s', [{ type: 'custom', turn: 't', name: 'n', data: { list: [1] } }], {
    head: { was: 0, now: toNextHead({ queue: [{ message: 'm', turn: 't' }] }) },
  });
  const page = await log.read('s', undefined, 1);
  if (page.type !== 'page') throw new Error('The session is not there.');
  const [entry] = page.entries;
  expect(Object.isFrozen(entry)).toBe(true);
  expect(Object.isFrozen(entry?.event)).toBe(true);
  expect(
    Object.isFrozen(entry?.event.type === 'custom' && Reflect.get(Object(entry.event.data), 'list')),
  ).toBe(true);
  expect(Object.isFrozen(page.head.queue[0])).toBe(true);
});
