import { expect, test } from 'vitest';
import { toEntryId } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';
import { createWritten } from './written.ts';

function entry(seq: number): Entry {
  return { id: toEntryId(seq, 'abcdef'), at: 0, event: { type: 'custom', turn: 't', name: 'n', data: 0 } };
}

test('each entry is taken once, and only after the one that was written before it', () => {
  const written = createWritten();
  written.add([entry(1), entry(2)]);
  expect(written.take(undefined)).toEqual([]);
  written.add([entry(3)]);
  written.add([entry(4)]);
  expect(written.take(entry(2).id)).toEqual([entry(3), entry(4)]);
  expect(written.take(entry(4).id)).toEqual([]);
  written.add([entry(6)]);
  expect(written.take('5-zzzzzz')).toEqual([]);
  expect(written.take(entry(6).id)).toEqual([]);
});

test('of many entries the first are kept, and none after a gap', () => {
  const written = createWritten();
  written.add([entry(1)]);
  written.take(undefined);
  for (let thousand = 0; thousand < 20; thousand += 1)
    written.add(Array.from({ length: 1_000 }, (_, index) => entry(2 + thousand * 1_000 + index)));
  expect(written.take(entry(1).id)).toHaveLength(10_000);
  written.add([entry(20_002)]);
  expect(written.take(entry(20_001).id)).toHaveLength(1);
});
