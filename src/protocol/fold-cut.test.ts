import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyState, fold, foldEntries, isSessionEvent, toEntryId } from './index.ts';
import type { SessionEvent, SessionState } from './index.ts';

const turn = fc.constantFrom('t1', 't2', 't3');
const message = fc.constantFrom('m1', 'm2', 'm3');
const part = fc.constantFrom('p1', 'p2');
const call = fc.constantFrom('c1', 'c2');
const approval = fc.constantFrom('a1', 'a2');
const data = fc.string({ maxLength: 4 });
const agent = fc.constantFrom<readonly string[]>(['a'], ['a', 'b']);
const at = fc.nat();

/** Any events in any order, including orders that an engine never writes. */
const event: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.record({
    type: fc.constant('session_start' as const),
    session: fc.constant('s'),
    metadata: fc.jsonValue(),
  }),
  fc.record(
    {
      type: fc.constant('message' as const),
      message,
      turn,
      at,
      content: data,
      replaces: message,
    },
    { requiredKeys: ['type', 'message', 'turn', 'at', 'content'] },
  ),
  fc.record(
    {
      type: fc.constant('message_start' as const),
      message,
      turn,
      at,
      attempt: fc.integer({ min: 1, max: 3 }),
      resumes: turn,
    },
    { requiredKeys: ['type', 'message', 'turn', 'at', 'attempt'] },
  ),
  fc.record({
    type: fc.constant('message_end' as const),
    turn,
    outcome: fc.constantFrom(
      'completed' as const,
      'cancelled' as const,
      'failed' as const,
      'waiting' as const,
    ),
  }),
  fc.record({ type: fc.constant('cancel_request' as const), turn }),
  fc.record({ type: fc.constant('withdraw' as const), message }),
  fc.record({
    type: fc.constant('approval_answer' as const),
    turn,
    approval,
    status: fc.constantFrom('answered' as const, 'expired' as const),
    decision: fc.jsonValue(),
  }),
  fc.record({
    type: fc.constantFrom('step_start' as const, 'step_end' as const),
    turn,
    step: fc.constantFrom('s1', 's2'),
  }),
  fc.record(
    {
      type: fc.constantFrom('content_start' as const, 'content_end' as const, 'reasoning_start' as const),
      turn,
      part,
      agent,
    },
    { requiredKeys: ['type', 'turn', 'part'] },
  ),
  fc.record({ type: fc.constantFrom('content' as const, 'reasoning' as const), turn, part, data }),
  fc.record({ type: fc.constant('tool_use_start' as const), turn, call, tool: data }),
  fc.record({ type: fc.constant('tool_use_input' as const), turn, call, data }),
  fc.record({ type: fc.constant('tool_use' as const), turn, call, tool: data, input: fc.jsonValue() }),
  fc.record({ type: fc.constant('tool_progress' as const), turn, call, data: fc.jsonValue() }),
  fc.record({
    type: fc.constant('tool_result' as const),
    turn,
    call,
    output: fc.jsonValue(),
    status: fc.constantFrom('ok' as const, 'error' as const),
  }),
  fc.record({ type: fc.constant('discard' as const), turn, parts: fc.array(part, { maxLength: 2 }) }),
  fc.record({ type: fc.constant('replace' as const), turn, part, data }),
  fc.record({ type: fc.constant('approval_request' as const), turn, approval, reason: fc.jsonValue() }),
  fc.record({ type: fc.constant('custom' as const), turn, name: data, data: fc.jsonValue() }),
);

const overTheWire = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

test('a reader that starts from the state at any point ends with the same state as one that saw every event', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), fc.nat(), (list, cut) => {
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
    fc.property(fc.array(event, { maxLength: 80 }), fc.nat(), (list, cut) => {
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
