import { isRecord } from '../../protocol/internal.ts';
import type {
  AgentMessage,
  Content,
  CustomPart,
  MessageState,
  PartState,
  ToolPart,
} from '../../protocol/index.ts';
import { createUnusedNames } from './call-names.ts';

/** A message of the conversation, as models know it. */
export type ConversationMessage = ConversationPrompt | ConversationAnswer;

export interface ConversationPrompt {
  readonly role: 'user';
  readonly content: Content;
}

/**
 * One answer of the model: its texts, and the calls that it made after them. It has at least one of the two.
 */
export interface ConversationAnswer {
  readonly role: 'assistant';
  /** The texts in order. None is blank. */
  readonly texts: readonly string[];
  readonly calls: readonly ConversationCall[];
}

/** A call with its result. */
export interface ConversationCall {
  /** A name of letters, digits, `_` and `-`. No other call of the conversation has it. */
  readonly id: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The result, which is never empty. If there is none, a sentence says why. */
  readonly output: unknown;
  /** Whether the tool succeeded. */
  readonly isOk: boolean;
}

/**
 * Converts the history to the conversation that a model of the outer agent had. A user begins it. Every call
 * has a result, and no text is blank. Left out are: reasoning, because providers accept it only with its
 * signature; text of inner agents, if the outer agent spoke; a turn that failed before it said anything, with
 * its message, which may have caused the failure.
 */
export function toConversation(history: readonly MessageState[]): readonly ConversationMessage[] {
  const begun = history.slice(
    Math.max(
      0,
      history.findIndex(({ role }) => role === 'user'),
    ),
  );
  const dead = new Set(begun.filter(isDead).map(({ turn }) => turn));
  const redactions = new Map(begun.flatMap(redactionOf));
  const resumed = new Map(begun.flatMap(resumedCalls));
  const unusedName = createUnusedNames();
  // Providers accept only some characters in a call's id, and each id once.
  const nameFor = (call: string): string => unusedName(call.replace(/[^A-Za-z0-9_-]/g, '_'));
  const messages = begun
    .filter(({ turn }) => !dead.has(turn))
    .flatMap((message): readonly ConversationMessage[] =>
      message.role === 'user'
        ? fromUser(redactions.get(message.turn) ?? message.content)
        : fromAgent(message, nameFor, resumed.get(message.turn)),
    );
  const start = messages.findIndex(({ role }) => role === 'user');
  return start === -1 ? [] : messages.slice(start);
}

function isDead(message: MessageState): boolean {
  return message.role === 'agent' && message.outcome === 'failed' && ownParts(message).length === 0;
}

/** Returns what a user's message was replaced with. After a tool, a redaction is about its result. */
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

function fromUser(content: Content): ConversationPrompt[] {
  const isVisible = (text: string): boolean => text.trim() !== '';
  if (typeof content === 'string') return isVisible(content) ? [{ role: 'user', content }] : [];
  const parts = content.filter((part) => part.type !== 'text' || isVisible(part.text));
  return parts.length > 0 ? [{ role: 'user', content: parts }] : [];
}

function fromAgent(
  message: AgentMessage,
  nameFor: (call: string) => string,
  resumed: ReadonlySet<string> | undefined,
): ConversationAnswer[] {
  const { parts } = message;
  const redaction = parts.findLast(isRedaction);
  const redacted = redaction ? parts.slice(0, parts.indexOf(redaction)) : [];
  const answers: { role: 'assistant'; texts: string[]; calls: ConversationCall[] }[] = [];
  const answerFor = (type: 'text' | 'call'): (typeof answers)[number] => {
    const last = answers.at(-1);
    // Text after a tool belongs to the model's next answer, which already had the results before it.
    if (last !== undefined && (type === 'call' || last.calls.length === 0)) return last;
    const answer = { role: 'assistant' as const, texts: [], calls: [] };
    answers.push(answer);
    return answer;
  };
  for (const part of ownParts(message)) {
    if (part.type === 'text') answerFor('text').texts.push(part.text);
    if (part.type === 'custom') {
      const { texts } = answerFor('text');
      // Many models gave it as their text before. Once is enough.
      if (!isSameJson(texts.at(-1), part.data)) texts.push(JSON.stringify(part.data));
    }
    if (part.type !== 'tool' || (resumed?.has(part.call) === true && isUnfinished(part))) continue;
    const { tool, input, status } = part;
    answerFor('call').calls.push({
      id: nameFor(part.call),
      tool,
      input: isRecord(input) ? input : {},
      output: redaction && redacted.includes(part) ? redaction.data : toOutput(part),
      isOk: status === 'ok',
    });
  }
  return answers;
}

function isSameJson(text: string | undefined, data: unknown): boolean {
  try {
    return text !== undefined && JSON.stringify(JSON.parse(text)) === JSON.stringify(data);
  } catch {
    return false;
  }
}

function isUnfinished({ status }: ToolPart): boolean {
  return status === 'cancelled' || status === 'running';
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

function toOutput({ status, output }: ToolPart): unknown {
  if (status === 'running') return 'The call was interrupted. Whether it took effect is not known.';
  if (output === undefined || output === null || output === '')
    return status === 'cancelled' ? 'The call was cancelled.' : '(no output)';
  return typeof output === 'string' && output.trim() === '' ? '(no output)' : output;
}
