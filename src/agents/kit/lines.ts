import { toText } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { AgentEvent, MessageState, OpenSession, Turn, TurnInput } from '../../protocol/index.ts';
import { textOf } from './fields.ts';
import { toConversation } from './to-conversation.ts';

/** A message of the conversation as text. */
export interface LineMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** The line that starts a turn of an agent in another process or behind a URL. */
export interface StartLine extends OpenSession {
  readonly type: 'start';
  readonly version: 1;
  readonly turn: string;
  readonly attempt: number;
  /** The name for a memory of the agent's own. Another name means that the conversation went another way. */
  readonly thread: string;
  /** The text of the new message. */
  readonly prompt: string;
  readonly input: TurnInput;
  /** The whole conversation. The new message is the last one, unless the turn goes on from approvals. */
  readonly messages: readonly LineMessage[];
  readonly history: readonly MessageState[];
  readonly snapshot?: unknown;
}

/** The facts of a turn that a start line is made of. `snapshot` is the agent's own. */
export interface LineFacts {
  readonly session: OpenSession;
  readonly turn: Pick<Turn, 'turn' | 'attempt' | 'input' | 'history'>;
  readonly thread: string;
  readonly snapshot?: unknown;
}

/** Creates the line that starts a turn. */
export function toStartLine({ session, turn, thread, snapshot }: LineFacts): StartLine {
  const { input, attempt } = turn;
  const history = turn.history();
  const { metadata } = session;
  return {
    type: 'start',
    version: 1,
    turn: turn.turn,
    attempt,
    session: session.session,
    owner: session.owner,
    ...(metadata !== undefined && { metadata }),
    thread,
    prompt: toText(input.content),
    input,
    messages: toLineMessages(history, input),
    history,
    ...(snapshot !== undefined && { snapshot }),
  };
}

/**
 * Converts the conversation to texts. Answers without text are left out, and the texts of one answer are joined
 * by an empty line.
 */
export function toLineMessages(history: readonly MessageState[], input: TurnInput): readonly LineMessage[] {
  const messages: { readonly role: 'user' | 'assistant'; content: string }[] = [];
  for (const message of toConversation(history)) {
    const { role } = message;
    const content = role === 'user' ? toText(message.content) : message.texts.join('\n\n');
    const last = messages.at(-1);
    if (content.trim() === '') continue;
    if (role === 'assistant' && last?.role === 'assistant') last.content += `\n\n${content}`;
    else messages.push({ role, content });
  }
  return input.type === 'answers'
    ? messages
    : [...messages, { role: 'user', content: toText(input.content) }];
}

/** A line of an agent. */
export type SpokenLine =
  | { readonly type: 'event'; readonly event: AgentEvent }
  | { readonly type: 'save'; readonly snapshot: unknown }
  | { readonly type: 'end' }
  | LineFailure;

/** An error that an agent reports. With a code, code and message are public. The detail never is. */
export interface LineFailure {
  readonly type: 'error';
  readonly code?: string;
  readonly message: string;
  readonly detail?: unknown;
}

const eventTypes: ReadonlySet<unknown> = new Set<Exclude<AgentEvent, string>['type']>([
  'step_start',
  'step_end',
  'content_start',
  'content',
  'content_end',
  'reasoning_start',
  'reasoning',
  'reasoning_end',
  'tool_use_start',
  'tool_use_input',
  'tool_use',
  'tool_progress',
  'tool_result',
  'discard',
  'replace',
  'approval_request',
  'custom',
  'usage',
  'stop',
]);

/**
 * Reads a line of an agent from its parsed JSON. A text is an event. Returns undefined for a value of an
 * unknown type. The fields of events are not checked here, because the engine checks those of every agent.
 */
export function toSpokenLine(value: unknown): SpokenLine | undefined {
  if (isLineEvent(value)) return { type: 'event', event: value };
  if (!isRecord(value)) return undefined;
  switch (value['type']) {
    case 'save':
      return { type: 'save', snapshot: value['snapshot'] };
    case 'end':
      return { type: 'end' };
    case 'error':
      return toLineFailure(value);
    default:
      return undefined;
  }
}

function isLineEvent(value: unknown): value is AgentEvent {
  return typeof value === 'string' || (isRecord(value) && eventTypes.has(value['type']));
}

function toLineFailure({ code, message, detail }: Readonly<Record<string, unknown>>): LineFailure {
  return {
    type: 'error',
    message: textOf(message),
    ...(typeof code === 'string' && code !== '' && { code }),
    ...(detail !== undefined && { detail }),
  };
}
