import type { Content } from './content.ts';
import type { Entry } from './entry.ts';
import type { SessionEvent } from './events.ts';
import { fromWireId } from './id.ts';
import type { SessionState } from './state.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const count: Check = (value) => Number.isSafeInteger(value);
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const content: Check = (value) => text(value) || (Array.isArray(value) && value.every(isContentPart));
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);

const inStep = { turn: text, step: text };
const inPart = { turn: text, part: text };
const inCall = { turn: text, call: text };

/** The required fields of each event type. Fields that hold any JSON are not listed. */
const required: Readonly<Record<SessionEvent['type'], Readonly<Record<string, Check>>>> = {
  session_start: { session: text },
  message: { message: text, turn: text, at: count, content },
  message_start: { turn: text, message: text, attempt: count, at: count },
  message_end: { turn: text, outcome: oneOf('completed', 'cancelled', 'failed', 'waiting') },
  approval_answer: { turn: text, approval: text, status: oneOf('answered', 'expired', 'cancelled') },
  cancel_request: { turn: text },
  withdraw: { message: text },
  step_start: inStep,
  step_end: inStep,
  content_start: inPart,
  content: { ...inPart, data: text },
  content_end: inPart,
  reasoning_start: inPart,
  reasoning: { ...inPart, data: text },
  reasoning_end: inPart,
  tool_use_start: { ...inCall, tool: text },
  tool_use_input: { ...inCall, data: text },
  tool_use: { ...inCall, tool: text },
  tool_progress: inCall,
  tool_result: { ...inCall, status: oneOf('ok', 'error', 'cancelled') },
  discard: { turn: text, parts: texts },
  replace: { ...inPart, data: text },
  approval_request: { turn: text, approval: text },
  custom: { turn: text, name: text },
};

/** The same as lists, because each event that is written or read passes through them. */
const checks: ReadonlyMap<unknown, readonly (readonly [field: string, check: Check])[]> = new Map(
  Object.entries(required).map(([type, fields]) => [type, Object.entries(fields)]),
);

/** Returns whether a value from outside is an event of a known type with all its required fields. */
export function isSessionEvent(value: unknown): value is SessionEvent {
  if (!isRecord(value)) return false;
  const fields = checks.get(value['type']);
  if (fields === undefined) return false;
  if (value['agent'] !== undefined && !texts(value['agent'])) return false;
  for (const [field, check] of fields) if (!check(value[field])) return false;
  return true;
}

/** Returns whether a value from outside is an entry. */
export function isEntry(value: unknown): value is Entry {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    fromWireId(value['id']) !== undefined &&
    typeof value['at'] === 'number' &&
    isSessionEvent(value['event'])
  );
}

/**
 * Returns whether a value from outside is a folded state of a session. It checks only what a follower needs.
 */
export function isSessionState(value: unknown): value is SessionState {
  return (
    isRecord(value) &&
    typeof value['session'] === 'string' &&
    Array.isArray(value['messages']) &&
    Array.isArray(value['approvals'])
  );
}

/** Returns whether a value is a JSON object (not an array, not null). */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns whether a value from outside is the content of a message. */
export function isContent(value: unknown): value is Content {
  return content(value);
}

function isContentPart(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value['type'] === 'text') return text(value['text']);
  return oneOf('image', 'file')(value['type']) && text(value['media_type']) && text(value['data']);
}
