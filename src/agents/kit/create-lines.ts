import { AgentError, toText } from '../../protocol/index.ts';
import type {
  AgentEvent,
  ApprovalAnswer,
  MessageState,
  OpenSession,
  Turn,
  TurnInput,
} from '../../protocol/index.ts';
import { isNamePairs, mintApproval, toVendorAnswers } from './approval-names.ts';
import type { NamePair } from './approval-names.ts';
import { createFailure } from './failures.ts';
import { fieldsOf, textOf } from './fields.ts';
import { toConversation } from './to-conversation.ts';
import { toTextMessages } from './to-text-messages.ts';
import type { TextMessage } from './to-text-messages.ts';

/** The line that starts a turn of an agent elsewhere: behind a URL, or in a process. */
export interface StartLine extends OpenSession {
  readonly type: 'start';
  readonly version: 1;
  readonly turn: string;
  readonly attempt: number;
  /**
   * A name for a memory of the agent's own. It stays the same while each turn goes on from the one before, and
   * changes if the conversation took another way. `messages` then has everything.
   */
  readonly thread: string;
  /** The text of the message. */
  readonly prompt: string;
  /** The message or the answers. Approvals have the names that the agent gave them. */
  readonly input: TurnInput;
  /** The conversation as texts. The message of this turn is the last one. */
  readonly messages: readonly TextMessage[];
  /** The conversation before this turn, with calls and results. */
  readonly history: readonly MessageState[];
  /** What the agent saved in the turn before. */
  readonly snapshot?: unknown;
}

/** The meaning of a line of the agent: an event, or the end of the turn. */
export type LineMeaning = { readonly type: 'event'; readonly event: AgentEvent } | { readonly type: 'end' };

/** The lines of one turn. */
export interface TurnLines {
  readonly start: StartLine;
  /**
   * Takes a line of the agent: parsed JSON of any shape. Returns undefined if the line was dealt with (`save`),
   * or is of an unknown type. Throws the failure of an `error` line: an AgentError if it has a code, else an
   * error whose words are not public.
   */
  hear(line: unknown): LineMeaning | undefined;
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
 * Starts the lines of a turn. The turn's snapshot has the thread, what the agent saved, and the names of its
 * approvals. Throws `approval_lost` if the turn answers approvals whose names are gone.
 */
export function createLines(session: OpenSession, turn: Turn): TurnLines {
  const { history, input, snapshot, save } = turn;
  const memory = toMemory(snapshot);
  const { thread = `${session.session}.${turn.turn}` } = memory ?? {};
  const asked: NamePair[] = [];
  let kept: unknown;
  const keep = (): void => save({ version: 1, thread, ...(kept !== undefined && { agent: kept }), asked });
  // The thread goes on even if the agent saves nothing.
  keep();

  const before = history();
  const prompt = toText(input.content);
  // A turn that goes on after approvals has its message in the history.
  const asking = input.type === 'message' ? [{ role: 'user' as const, content: prompt }] : [];
  return {
    start: {
      type: 'start',
      version: 1,
      turn: turn.turn,
      attempt: turn.attempt,
      session: session.session,
      owner: session.owner,
      ...(session.metadata !== undefined && { metadata: session.metadata }),
      thread,
      prompt,
      input: input.type === 'message' ? input : { ...input, answers: toOwnAnswers(input.answers, memory) },
      messages: [...toTextMessages(toConversation(before)), ...asking],
      history: before,
      ...(memory?.agent !== undefined && { snapshot: memory.agent }),
    },
    hear(line) {
      if (typeof line === 'string') return { type: 'event', event: line };
      const { type, ...fields } = fieldsOf(line);
      if (type === 'end') return { type: 'end' };
      if (type === 'error') throw toFailure(fields);
      if (type === 'save') {
        kept = fields['snapshot'];
        keep();
        return undefined;
      }
      if (!isEvent(line)) return undefined;
      if (line.type !== 'approval_request') return { type: 'event', event: line };
      const approval = mintApproval();
      asked.push([approval, textOf(line.approval)]);
      keep();
      return { type: 'event', event: { ...line, approval } };
    },
  };
}

interface LinesMemory {
  readonly thread: string;
  readonly agent: unknown;
  readonly asked: readonly NamePair[];
}

function toMemory(snapshot: unknown): LinesMemory | undefined {
  const { version, thread, agent, asked } = fieldsOf(snapshot);
  if (version !== 1 || typeof thread !== 'string' || !isNamePairs(asked)) return undefined;
  return { thread, agent, asked };
}

function toOwnAnswers(
  answers: readonly ApprovalAnswer[],
  memory: LinesMemory | undefined,
): readonly ApprovalAnswer[] {
  const found = toVendorAnswers(memory?.asked ?? [], answers);
  if (found.length < answers.length) throw createFailure('approval_lost');
  return found.map(({ vendorId, answer }) => ({ ...answer, approval: vendorId }));
}

/** Whether a line has the type of an event. The engine checks its fields. */
function isEvent(line: unknown): line is Exclude<AgentEvent, string> {
  return eventTypes.has(fieldsOf(line)['type']);
}

function toFailure({ code, message, detail }: Readonly<Record<string, unknown>>): Error {
  const cause = detail ?? undefined;
  if (typeof code === 'string' && code !== '')
    return new AgentError(code, textOf(message) || 'The agent failed.', { cause });
  return new Error(textOf(message) || 'The agent reported an error.', { cause });
}
