import { expect, test } from 'vitest';
import type { Entry } from '../protocol/index.ts';
import { createWritten } from './written.ts';

const entry: Entry = { id: '1-abcdef', at: 0, event: { type: 'custom', turn: 't', name: 'n', data: 0 } };

test('each entry is taken once', () => {
  const written = createWritten();
  written.add([entry, entry]);
  written.add([entry]);
  expect(written.take()).toHaveLength(3);
  expect(written.take()).toEqual([]);
});

test('of many entries the first are kept, and none after a gap', () => {
  const written = createWritten();
  const thousand = Array.from({ length: 1_000 }, () => entry);
  for (let times = 0; times < 20; times += 1) written.add(thousand);
  expect(written.take()).toHaveLength(10_000);
  written.add([entry]);
  expect(written.take()).toHaveLength(1);
});
