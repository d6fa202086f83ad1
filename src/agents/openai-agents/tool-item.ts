import { fieldsOf, listOf, longestName, textOf, toCallInput } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import type { MadeCall } from './open-calls.ts';

/** A tool call as an item of the SDK, of any kind of tool. Its input is never undefined. */
export interface ToolItem extends MadeCall {
  /** The result, if the provider ran the tool itself. */
  readonly result?: { readonly output: unknown; readonly isOk: boolean };
}

/** Items that are no calls of a tool: what the provider found, and a question that comes as an approval. */
const noCalls = new Set(['mcp_list_tools', 'mcp_approval_request']);

/** Reads the item of a `tool_called` event; undefined if it is about no call. */
export function toToolItem(rawItem: unknown): ToolItem | undefined {
  const raw = fieldsOf(rawItem);
  const { type, name, id, callId } = raw;
  if (type === 'hosted_tool_call') return noCalls.has(textOf(name)) ? undefined : fromHosted(raw);
  const input = toCallInput(raw['arguments']) ?? raw['action'] ?? raw['actions'] ?? raw['operation'] ?? {};
  const isFunction = type === 'function_call';
  return {
    id: textOf(callId) || textOf(id),
    tool: (textOf(name) || textOf(type)).slice(0, longestName),
    input,
    isFunction,
  };
}

/** Fields of a hosted call that are not its input. */
const notInput = ['id', 'type', 'name', 'status', 'output', 'outputs', 'results', 'error', 'serverLabel'];

function fromHosted(raw: Fields): ToolItem {
  const data = fieldsOf(raw['providerData']);
  const rest = Object.entries(data).filter(([key]) => !notInput.includes(key));
  const { results, outputs, error } = data;
  const status = textOf(raw['status']);
  const output = raw['output'] ?? error ?? results ?? outputs ?? status;
  const isOk = (error ?? undefined) === undefined && status !== 'failed';
  return {
    id: textOf(raw['id']) || textOf(data['id']),
    // A tool of a remote MCP server has a name of its own.
    tool: (textOf(data['name']) || textOf(raw['name'])).slice(0, longestName),
    input: toCallInput(raw['arguments'] ?? data['arguments']) ?? Object.fromEntries(rest),
    isFunction: false,
    result: { output, isOk },
  };
}

/**
 * The sentences that the SDK gives the model in place of a result, if the tool has no `errorFunction`. In
 * older versions the first one ends with the error.
 */
const failed = [
  /^An error occurred while running the tool\. Please try again\.( Error: |$)/,
  /^Tool '.+' timed out after \d+ms\.$/,
];

/** Whether an output is the SDK's own sentence for a tool that failed. The SDK has no other mark. */
export function isFailedOutput(output: unknown): boolean {
  return typeof output === 'string' && failed.some((sentence) => sentence.test(output));
}

/** Returns the texts of an answer's output: those of messages, with refusals, and those of reasoning. */
export function toSpokenItem(rawItem: unknown): {
  readonly kind: 'content' | 'reasoning';
  readonly text: string;
} {
  const { type, content, rawContent } = fieldsOf(rawItem);
  if (type === 'reasoning') {
    const texts = textsOf(content);
    return { kind: 'reasoning', text: texts === '' ? textsOf(rawContent) : texts };
  }
  const isMessage = type === 'message' || type === undefined;
  return { kind: 'content', text: isMessage ? textsOf(content) : '' };
}

function textsOf(content: unknown): string {
  return listOf(content)
    .map(fieldsOf)
    .map(({ text, refusal, transcript, providerData }) =>
      textOf(text ?? refusal ?? transcript ?? fieldsOf(providerData)['transcript']),
    )
    .join('');
}
