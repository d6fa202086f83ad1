import { expect, test } from 'vitest';
import { createSlots } from './slots.ts';

test('so many run at once, together and for one host, and the others in their order', async () => {
  const slots = createSlots(3, 2);
  const [started, ends]: [string[], Map<string, () => void>] = [[], new Map()];
  const run = (name: string, id: string): Promise<string> =>
    slots.run({ host: name, owner: 'ada' }, async () => {
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
  const place = { host: 'a', owner: 'ada' };
  await expect(slots.run(place, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.run(place, async () => 1)).toBe(1);
});

test('an owner with much to do delays no other one', async () => {
  const slots = createSlots(2, 2);
  const [started, ends]: [string[], (() => void)[]] = [[], []];
  const run = (owner: string, id: string): Promise<void> =>
    slots.run({ host: id, owner }, async () => {
      started.push(id);
      await new Promise<void>((resolve) => void ends.push(resolve));
    });
  const ids = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2'];
  const all = ids.map((id) => run(id.charAt(0), id));
  for (let ended = 0; ended < ids.length; ended += 1) {
    await expect.poll(() => ends.length).toBeGreaterThan(ended);
    ends[ended]?.();
  }
  await Promise.all(all);
  expect(started).toEqual(['a1', 'a2', 'b1', 'a3', 'b2', 'a4']);
});
