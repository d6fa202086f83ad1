import * as fc from 'fast-check';
import type { SessionEvent } from './index.ts';

const turn = fc.constantFrom('t1', 't2', 't3');
const message = fc.constantFrom('m1', 'm2', 'm3');
const part = fc.constantFrom('p1', 'p2');
const call = fc.constantFrom('c1', 'c2');
const approval = fc.constantFrom('a1', 'a2');
const data = fc.string({ maxLength: 4 });
const agent = fc.constantFrom<readonly string[]>(['a'], ['a', 'b']);
const at = fc.nat();
/** A sender's own name of a message or a turn. */
const own = fc.constantFrom('x', 'y');

/** Any events in any order, including orders that an engine never writes. */
export const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
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
      past: fc.constant(true as const),
      ref: own,
      run: own,
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
      run: own,
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
  fc.record(
    {
      type: fc.constant('approval_answer' as const),
      turn,
      approval,
      status: fc.constantFrom('answered' as const, 'expired' as const),
      decision: fc.jsonValue(),
      run: own,
    },
    { requiredKeys: ['type', 'turn', 'approval', 'status', 'decision'] },
  ),
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
