import { describe } from '../../../protocol/internal.ts';
import type { AgentEvent } from '../../../protocol/index.ts';
import { fieldsOf } from '../../kit/index.ts';

type FieldKind = 'text' | 'name' | 'name?' | 'names?' | 'path?' | 'any';

/** The fields of each event that an upstream may send. */
const shapes: Readonly<Record<Exclude<AgentEvent, string>['type'], Readonly<Record<string, FieldKind>>>> = {
  step_start: { step: 'name?' },
  step_end: { step: 'name?' },
  content_start: { part: 'name?' },
  content: { data: 'text', part: 'name?' },
  content_end: { part: 'name?' },
  reasoning_start: { part: 'name?' },
  reasoning: { data: 'text', part: 'name?' },
  reasoning_end: { part: 'name?' },
  tool_use_start: { call: 'name', tool: 'name' },
  tool_use_input: { call: 'name', data: 'text' },
  tool_use: { call: 'name', tool: 'name' },
  tool_progress: { call: 'name' },
  tool_result: { call: 'name' },
  discard: { parts: 'names?' },
  replace: { data: 'text', part: 'name?' },
  approval_request: { approval: 'name', call: 'name?' },
  custom: { name: 'name' },
  usage: { usage: 'any' },
  stop: { reason: 'name?' },
};

const fits: Readonly<Record<FieldKind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  name: isName,
  'name?': (value) => value == null || isName(value),
  'names?': (value) => value == null || (Array.isArray(value) && value.every(isName)),
  'path?': (value) => value == null || (Array.isArray(value) && value.length <= 16 && value.every(isName)),
  any: () => true,
};

/**
 * Returns a sentence about a field of an event that the engine would refuse; undefined if there is none. So an
 * upstream's mistake fails the turn with a code of its own, and not as a mistake in this process.
 */
export function findFault(event: AgentEvent): string | undefined {
  if (typeof event === 'string') return undefined;
  const fields = fieldsOf(event);
  const shape: Readonly<Record<string, FieldKind>> = { ...shapes[event.type], agent: 'path?' };
  const wrong = Object.entries(shape).find(([field, kind]) => !fits[kind](fields[field]));
  if (wrong === undefined) return undefined;
  return `The upstream sent "${event.type}" with ${describe(fields[wrong[0]])} as "${wrong[0]}".`;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= 200 : Number.isFinite(value);
}
