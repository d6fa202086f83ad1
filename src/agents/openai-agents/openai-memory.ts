import { isRecord } from '../../protocol/internal.ts';
import { fieldsOf, isNamePairs, textOf, toOutputText, toSnapshotText } from '../kit/index.ts';
import type { NamePair } from '../kit/index.ts';
import type { OpenToolCall } from './open-calls.ts';

/** The data that a turn saves. Other versions are not read: the log has the conversation too. */
export interface OpenaiMemory {
  readonly version: 1;
  /** The name of the agent with which the next turn begins, or goes on. */
  readonly agent: string;
  /** The conversation as items of the SDK. */
  readonly items: readonly object[];
  readonly waiting?: PendingRun;
}

/** A run that stopped for approvals. */
export interface PendingRun {
  /** The SDK's `RunState` as text. */
  readonly state: string;
  /** The name of the agent with which the run began. */
  readonly start: string;
  /** The approvals, each with the place and the call id of its interruption. */
  readonly asked: readonly NamePair[];
  /** The calls without a result. */
  readonly calls: readonly OpenToolCall[];
}

/** Returns a copy as JSON; undefined if it is no JSON, or too long. */
export function toPlainMemory(memory: OpenaiMemory): OpenaiMemory | undefined {
  const text = toSnapshotText(memory);
  return text === undefined ? undefined : toOpenaiMemory(JSON.parse(text));
}

/** Reads what a turn saved; undefined if it has another version, or is broken. */
export function toOpenaiMemory(value: unknown): OpenaiMemory | undefined {
  const { version, agent, items, waiting } = fieldsOf(value);
  if (version !== 1 || typeof agent !== 'string' || !Array.isArray(items) || !items.every(isRecord))
    return undefined;
  if (waiting === undefined) return { version, agent, items };
  const { state, start, asked, calls } = fieldsOf(waiting);
  if (typeof state !== 'string' || !isNamePairs(asked) || !Array.isArray(calls)) return undefined;
  return {
    version,
    agent,
    items,
    waiting: { state, start: textOf(start), asked, calls: calls.map(toOpenCall) },
  };
}

function toOpenCall(value: unknown): OpenToolCall {
  const { id, call, tool, input, isFunction } = fieldsOf(value);
  return {
    id: textOf(id),
    call: textOf(call),
    tool: textOf(tool),
    input: input ?? {},
    isFunction: isFunction === true,
  };
}

const unanswered = 'The call waited for an approval, which was not given. It did not run.';

/**
 * Returns the conversation before a new message. The SDK leaves the calls that wait out of its history. Here
 * they have a result that says that the approval was not given.
 */
export function toRememberedItems({ items, waiting }: OpenaiMemory): readonly object[] {
  if (waiting === undefined) return items;
  const calls = waiting.calls.filter(({ isFunction }) => isFunction);
  const isAsked = (item: object): boolean =>
    waiting.asked.some(([, place]) => place.endsWith(`:${textOf(fieldsOf(item)['id'])}`));
  // A request of a remote MCP server is no call, and can have no result.
  const kept = items.filter((item) => fieldsOf(item)['type'] !== 'hosted_tool_call' || !isAsked(item));
  return [...kept, ...calls.map(toUsedItem), ...calls.map(toUnanswered)];
}

function toUsedItem({ id, tool, input }: OpenToolCall): object {
  return {
    type: 'function_call',
    callId: id,
    name: tool,
    arguments: toOutputText(input),
    status: 'completed',
  };
}

function toUnanswered({ id, tool }: OpenToolCall): object {
  const output = { type: 'text', text: unanswered };
  return { type: 'function_call_result', callId: id, name: tool, status: 'completed', output };
}
