import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionEvent } from '../protocol/index.ts';
import { copyEvents } from './event-copies.ts';

const copyOf = (events: readonly SessionEvent[]) => copyEvents(events, () => JSON.stringify(events));

/** Values that a writer may pass, whatever the type says. */
const field = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.constantFrom(-0, 0.5, NaN, Infinity, null, undefined, true, new Date(0), 2 ** 60),
  fc.jsonValue(),
);
const anyEvent = fc
  .record(
    { turn: field, part: field, data: field, at: field, agent: field, toJSON: field, ['__proto__']: field },
    { requiredKeys: [] },
  )
  .map((fields): unknown => ({ type: 'content', part: 'p', turn: 't', data: 'd', ...fields }));

test('a copy is what JSON makes of the event, and what JSON spoils is refused', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 3 }), (values) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the values are wrong on purpose
      const events = values as SessionEvent[];
      const attempt = (copy: () => unknown): unknown => {
        try {
          return copy();
        } catch (error) {
          return error instanceof TypeError ? 'refused' : error;
        }
      };
      const slow = attempt(() => copyEvents([...events, slowEvent], () => JSON.stringify(events)));
      expect(attempt(() => copyOf(events))).toEqual(slow);
    }),
    { numRuns: 1_000 },
  );
});

/** An event that is not copied without JSON. */
const slowEvent: SessionEvent = { type: 'custom', turn: 't', name: 'n', data: null };

test('a copy of words needs no JSON', () => {
  const event: SessionEvent = { type: 'content', turn: 't', part: 'p', data: 'word' };
  const copies = copyEvents([event], () => {
    throw new Error('JSON was made.');
  });
  expect(copies).toEqual([event]);
  expect(copies[0]).not.toBe(event);
});

test('objects with a class or a `toJSON` are written as JSON writes them', () => {
  class Word {
    readonly type = 'content';
    readonly turn = 't';
    readonly part = 'p';
    readonly data = 'word';
    toJSON(): unknown {
      return { type: 'content', turn: 't', part: 'p', data: 'from JSON' };
    }
  }
  expect(copyOf([new Word()])).toEqual([{ type: 'content', turn: 't', part: 'p', data: 'from JSON' }]);
});
