import { expect, test } from 'vitest';
import { createSlots } from './slots.ts';

test('so many run at once, together and for one name, and the others in their order', async () => {
  const slots = createSlots(3, 2);
  const [started, ends]: [string[], Map<string, () => void>] = [[], new Map()];
  const run = (name: string, id: string): Promise<string> =>
    slots.run(name, async () => {
      started.push(id);
      await new Promise<void>((resolve) => void ends.set(id, resolve));
      return id;
    });
  const all = [run('a', 'a1'), run('a', 'a2'), run('a', 'a3'), run('b', 'b1'), run('b', 'b2')];
  await Promise.resolve();
  await expect.poll(() => started).toEqual(['a1', 'a2', 'b1']);
  ends.get('b1')?.();
  await expect.poll(() => started).toEqual(['a1', 'a2', 'b1', 'b2']);
  ends.get('a2')?.();
  await expect.poll(() => started).toEqual(['a1', 'a2', 'b1', 'b2', 'a3']);
  for (const end of ends.values()) end();
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
});

test('work that fails leaves its slot', async () => {
  const slots = createSlots(1, 1);
  await expect(slots.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.run('a', async () => 1)).toBe(1);
});
