import { toText } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type {
  AgentMessage,
  CustomPart,
  MessageState,
  PartState,
  SentMessage,
  ToolPart,
} from '../../protocol/index.ts';
import type { StrandsBlock, StrandsJson, StrandsMessage, StrandsResult } from './strands-message.ts';
import { toStrandsContent } from './to-strands-content.ts';

/**
 * Converts the history to the SDK's messages. Roles alternate, a person begins, every tool use has its result
 * right after it, and no text is blank: each of these is required by some provider. Text of inner agents is
 * left out, because the outer agent never had it as its own. Reasoning is left out, because providers accept
 * it only with its signature.
 */
export function toStrandsMessages(history: readonly MessageState[]): StrandsMessage[] {
  const dead = new Set(history.filter(isDead).map(({ turn }) => turn));
  const redactions = new Map(history.flatMap(redactionOf));
  const resumed = new Map(history.flatMap(resumedCalls));
  const name = createCallNames();
  const messages = history
    .filter(({ turn }) => !dead.has(turn))
    .flatMap((message) =>
      message.role === 'user'
        ? [fromPerson(message, redactions.get(message.turn))]
        : fromAgent(message, name, resumed.get(message.turn)),
    );
  return alternate(messages);
}

interface AnyMessage {
  readonly role: 'user' | 'assistant';
  readonly content: object[];
}

/** Merges neighbours of one role, and drops everything before the first message of a person. */
export function alternate<Kind extends AnyMessage>(messages: readonly Kind[]): Kind[] {
  const merged: Kind[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (message.content.length === 0) continue;
    if (last?.role === message.role) last.content.push(...message.content);
    else merged.push({ ...message, content: [...message.content] });
  }
  const start = merged.findIndex(
    ({ role, content }) => role === 'user' && !content.some((block) => 'toolResult' in block),
  );
  return start === -1 ? [] : merged.slice(start);
}

/**
 * Whether a turn failed without any answer. Its message may have caused the failure, and would make every
 * later turn fail too.
 */
function isDead(message: MessageState): boolean {
  return message.role === 'agent' && message.outcome === 'failed' && ownParts(message).length === 0;
}

/** Returns what a person's message was replaced with. After a tool, a redaction is about its result. */
function redactionOf(message: MessageState): [string, string][] {
  if (message.role !== 'agent') return [];
  const first = message.parts.findIndex(isOwnTool);
  const before = first === -1 ? message.parts : message.parts.slice(0, first);
  return before.filter(isRedaction).map(({ data }) => [message.turn, data]);
}

/** Returns the calls of a turn that continued an earlier one. They are in both, and ended in the second. */
function resumedCalls(message: MessageState): [string, ReadonlySet<string>][] {
  if (message.role !== 'agent' || message.resumes === undefined) return [];
  return [[message.resumes, new Set(message.parts.filter(isOwnTool).map(({ call }) => call))]];
}

function isOwnTool(part: PartState): part is ToolPart {
  return part.type === 'tool' && part.agent === undefined;
}

function isRedaction(part: PartState): part is CustomPart & { readonly data: string } {
  return part.type === 'custom' && part.name === 'input_redaction' && typeof part.data === 'string';
}

function fromPerson({ content }: SentMessage, redaction: string | undefined): StrandsMessage {
  if (redaction !== undefined) return { role: 'user', content: [{ text: redaction }] };
  try {
    return { role: 'user', content: toStrandsContent(content).filter(isVisible) };
  } catch {
    // A file that could not be read then cannot be read now.
    return { role: 'user', content: [{ text: toText(content) || '(a file that could not be read)' }] };
  }
}

function fromAgent(
  message: AgentMessage,
  name: (call: string) => string,
  resumed: ReadonlySet<string> | undefined,
): StrandsMessage[] {
  const { parts } = message;
  const redaction = parts.findLast(isRedaction);
  const redacted = redaction ? parts.slice(0, parts.indexOf(redaction)) : [];
  const messages: StrandsMessage[] = [];
  let said: StrandsBlock[] = [];
  let results: StrandsBlock[] = [];
  const flush = (): void => {
    messages.push({ role: 'assistant', content: said }, { role: 'user', content: results });
    said = [];
    results = [];
  };
  for (const part of ownParts(message)) {
    if (part.type === 'tool') {
      if (resumed?.has(part.call) === true && (part.status === 'cancelled' || part.status === 'running'))
        continue;
      const toolUseId = name(part.call);
      const input = toJson(isRecord(part.input) ? part.input : {});
      said.push({ toolUse: { name: part.tool, toolUseId, input } });
      results.push({
        toolResult: {
          toolUseId,
          status: part.status === 'ok' ? 'success' : 'error',
          content: redaction && redacted.includes(part) ? [{ text: redaction.data }] : toResult(part),
        },
      });
      continue;
    }
    // Text after a tool belongs to the model's next answer, which already had the results before it.
    if (results.length > 0) flush();
    if (part.type === 'text') said.push({ text: part.text });
    if (part.type === 'custom') said.push({ text: JSON.stringify(part.data) });
  }
  flush();
  return messages;
}

/**
 * Returns the parts that the outer agent's memory would contain. If only inner agents spoke (a graph, a
 * swarm), returns their text.
 */
function ownParts({ parts }: AgentMessage): readonly PartState[] {
  const kept = parts.filter(isKept);
  const own = kept.filter(({ agent }) => agent === undefined);
  return own.length > 0 ? own : kept.filter(({ type }) => type === 'text');
}

function isKept(part: PartState): boolean {
  switch (part.type) {
    case 'text':
      return part.text.trim() !== '';
    case 'tool':
      // A call whose input is incomplete was never made.
      return part.status !== 'input' && (part.input !== undefined || part.status !== 'cancelled');
    case 'custom':
      return part.name === 'structured_output';
    case 'reasoning':
    case 'approval':
    default:
      return false;
  }
}

function toResult({ status, output }: ToolPart): StrandsResult[] {
  if (status === 'running')
    return [{ text: 'The call was interrupted. Whether it took effect is not known.' }];
  if (output === undefined || output === null || output === '') {
    return [{ text: status === 'cancelled' ? 'The call was cancelled.' : '(no output)' }];
  }
  if (typeof output === 'string') return [{ text: output.trim() === '' ? '(no output)' : output }];
  // One provider accepts only objects. The SDK wraps other values in the same way.
  return [{ json: isRecord(output) ? toJson(output) : { $value: toJson(output) } }];
}

/** Providers accept only some characters in a call's id, and each id once. */
function createCallNames(): (call: string) => string {
  const used = new Set<string>();
  return (call) => {
    const base = call.replace(/[^A-Za-z0-9_-]/g, '_') || 'call';
    let name = base;
    for (let n = 2; used.has(name); n++) name = `${base}-${n}`;
    used.add(name);
    return name;
  };
}

function isVisible(block: StrandsBlock): boolean {
  return !('text' in block) || block.text.trim() !== '';
}

function toJson(value: unknown): StrandsJson {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
  return null;
}
