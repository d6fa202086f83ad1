import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyState, fold, foldEntries, isSessionEvent, toEntryId } from './index.ts';
import { anyEvent } from './any-event.fixture.ts';
import type { SessionState } from './index.ts';

const overTheWire = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

test('a reader that starts from the state at any point ends with the same state as one that saw every event', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 80 }), fc.nat(), (list, cut) => {
      const events = list.map(overTheWire);
      const foldAll = (from: SessionState, start: number, end: number): SessionState =>
        events
          .slice(start, end)
          .reduce(
            (state, one, index) => fold(state, { id: toEntryId(start + index + 1, 'abcdef'), event: one }),
            from,
          );
      const middle = cut % (events.length + 1);
      const whole = foldAll(emptyState('s'), 0, events.length);
      const resumed = foldAll(overTheWire(foldAll(emptyState('s'), 0, middle)), middle, events.length);
      expect(events.every(isSessionEvent)).toBe(true);
      expect(resumed).toEqual(whole);
      expect(overTheWire(whole)).toEqual(whole);
    }),
    { numRuns: 1_000 },
  );
});

test('entries folded at once give the same state as one by one, and do not change the first state', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 80 }), fc.nat(), (list, cut) => {
      const entries = list.map((one, index) => ({
        id: toEntryId(index + 1, 'abcdef'),
        event: overTheWire(one),
      }));
      const middle = cut % (entries.length + 1);
      const first = foldEntries(emptyState('s'), entries.slice(0, middle));
      const text = JSON.stringify(first);
      const whole = foldEntries(first, entries.slice(middle));
      expect(whole).toEqual(entries.reduce(fold, emptyState('s')));
      expect(JSON.stringify(first)).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});
