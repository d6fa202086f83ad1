import type { SessionState } from '../../protocol/index.ts';
import { toMcpAnswer } from './answer.ts';
import type { McpAnswer } from './answer.ts';
import { toMcpElicitation, toApprovalQuestion } from './elicitation.ts';
import type { McpStream } from './stream-name.ts';

/**
 * The longest texts of an answer, in bytes of their JSON. They are in a result twice, and one frame must fit
 * the limit of readers (1 MiB). A character has up to six bytes.
 */
const maxBytes = 384 * 1024;
const maxLength = maxBytes / 6;

const encoder = new TextEncoder();

/** The place of an answer: its conversation and its message. */
export interface McpAnswerPlace {
  readonly session: string;
  readonly message: string;
}

/** A result of the tool, or a request for input in place of it. */
export type McpAskResult = Readonly<Record<string, unknown>>;

/**
 * Returns the result of the tool for an answer that has ended, or that waits. `name` is the client's own name
 * of the conversation, if it gave one.
 */
export function toMcpToolResult(
  state: SessionState,
  { session, message }: McpAnswerPlace,
  name?: string,
): McpAskResult {
  const answer = toMcpAnswer(state, message);
  const { status, approvals } = answer;
  const texts = toBounded(answer.texts);
  const notes = [...toNotes(answer), ...(name === undefined ? [toHint(session)] : [])];
  return {
    content: [...texts, ...notes].map((text) => ({ type: 'text', text })),
    structuredContent: {
      thread: name ?? session,
      status,
      answer: texts.join('\n\n'),
      ...(status === 'failed' && { error: toNotes(answer).join(' ') }),
      ...(approvals.length > 0 && {
        approvals: approvals.map((asked) => ({
          approval: asked.approval,
          question: toApprovalQuestion(asked),
        })),
      }),
    },
    isError: status === 'failed' || status === 'cancelled',
  };
}

/**
 * Returns the first texts of an answer, up to a length that every reader takes, and a note if that is not
 * all.
 */
function toBounded(texts: readonly string[]): readonly string[] {
  if (encoder.encode(JSON.stringify(texts)).length <= maxBytes) return texts;
  const cut: string[] = [];
  let left = maxLength;
  for (const text of texts) {
    if (left > 0) cut.push(text.slice(0, left).toWellFormed());
    left -= text.length;
  }
  const length = (maxLength - left).toLocaleString('en');
  return [
    ...cut,
    `The answer has ${length} characters. Only the first ones are here; the conversation has all.`,
  ];
}

/** Returns what a model must know beside the texts of an answer. */
function toNotes({ status, turns, texts, approvals }: McpAnswer): readonly string[] {
  if (status === 'failed') return [turns.at(-1)?.error?.message ?? 'The agent failed.'];
  if (status === 'cancelled') return ['The answer was cancelled.'];
  if (status === 'done' && texts.length === 0) return ['The agent has answered without a text.'];
  if (status !== 'waiting') return [];
  const questions = approvals.map((asked) => toApprovalQuestion(asked).replace(/[\p{L}\p{N}]$/u, '$&.'));
  return [
    `The agent waits for a person's approval, and this client cannot ask for it. ${questions.join(' ')} A person answers in another client of this conversation. A new message closes the approval.`,
  ];
}

function toHint(session: string): string {
  return `To go on in this conversation, call the tool with the thread "${session}".`;
}

/**
 * Returns what a stream ends with: the tool's result, or a request for input if the client can ask its user.
 */
export function toMcpAskResult(state: SessionState, place: McpAnswerPlace, stream: McpStream): McpAskResult {
  const { thread } = stream;
  if (stream.era === 'legacy') return toMcpToolResult(state, place, thread);
  const { approvals } = toMcpAnswer(state, place.message);
  if (!stream.elicits || approvals.length === 0)
    return { resultType: 'complete', ...toMcpToolResult(state, place, thread) };
  return {
    resultType: 'input_required',
    inputRequests: toInputRequests(state, place.message),
    requestState: toAnswerName(place),
  };
}

/** Returns the open approvals of an answer as requests to the user, by the names of the approvals. */
export function toInputRequests(state: SessionState, message: string): Readonly<Record<string, unknown>> {
  const { approvals } = toMcpAnswer(state, message);
  return Object.fromEntries(
    approvals.map((asked) => [
      asked.approval,
      { method: 'elicitation/create', params: { mode: 'form', ...toMcpElicitation(asked) } },
    ]),
  );
}

/** Returns the name of an answer, by which its client comes back. It is worth nothing to other owners. */
export function toAnswerName({ session, message }: McpAnswerPlace): string {
  return `${session}.${message}`;
}

/** Reads the name of an answer. Returns undefined for any other value. */
export function fromAnswerName(name: unknown): McpAnswerPlace | undefined {
  if (typeof name !== 'string') return undefined;
  const [, session, message] = /^([\w-]{1,64})\.([A-Za-z0-9]{16})$/.exec(name) ?? [];
  return session === undefined || message === undefined ? undefined : { session, message };
}
