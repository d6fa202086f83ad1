import { expect, test } from 'vitest';
import { createTestSink } from './channel.fixture.ts';
import { openTogether } from './join.ts';
import type { Sink } from './sink.ts';

test('streams that share a sink get every field of it, and still share its room and its end', () => {
  const { sink, seen } = createTestSink({ isStalled: true });
  const later = (): string => 'a field that a sink may get later';
  const shared: Sink[] = [];
  const open = (each: Sink) => {
    shared.push(each);
    return () => {};
  };
  openTogether([open, open], 'opening', Object.assign(sink, { later }));

  expect(shared).toMatchObject([{ later }, { later }]);
  shared[0]?.write('text');
  expect(shared.map(({ held }) => held)).toEqual([11, 11]);
  seen.drain();
  expect(shared.map(({ held }) => held)).toEqual([0, 0]);
  shared[0]?.close('end');
  shared[1]?.close('cut');
  expect(seen).toMatchObject({ writes: ['opening', 'text'], closed: 'end' });
});
