import type { SessionEvent } from '../../protocol/index.ts';
import { createApprovalChunks } from './approval-chunks.ts';
import { createCallChunks } from './call-chunks.ts';
import { createMessageCalls } from './message-calls.ts';
import type { UiChunk, Withdrawal } from './chunk.ts';
import { toEndMetadata, toFinish } from './finish.ts';
import { createPartChunks } from './part-chunks.ts';
import { createSteps } from './steps.ts';

export interface ChunkerOptions {
  readonly session: string;
  /** The message that is answered. */
  readonly message: string;
  /** The turn whose end finishes the stream. The ends of other turns are metadata. */
  readonly turn?: string;
  /** Parts that are left out. */
  readonly withdrawn?: ReadonlySet<string> | undefined;
}

/**
 * Returns a function that turns the events of one exchange into the chunks of one message of the SDK. It
 * takes no events of other exchanges.
 */
export function createChunker({
  session,
  message,
  turn: last,
  withdrawn,
}: ChunkerOptions): (event: SessionEvent) => readonly (UiChunk | Withdrawal)[] {
  const turns = new Set<string>();
  const steps = createSteps();
  const calls = createMessageCalls();
  const approvals = createApprovalChunks(steps, calls);
  const toCallChunks = createCallChunks(steps, calls);
  const toPartChunks = createPartChunks(steps, withdrawn);

  /** The first entry that names a turn starts it, so that a client has the message's id at once. */
  const enter = (turn: string): readonly UiChunk[] => {
    if (turns.has(turn)) return [];
    turns.add(turn);
    const messageMetadata = { heddle: { session, turn } };
    return [{ type: 'start', messageId: toAssistantId(message), messageMetadata }];
  };

  return (event) => {
    switch (event.type) {
      case 'message':
        return enter(event.turn);
      case 'message_start':
        return [...enter(event.turn), ...(event.attempt > 1 ? approvals.giveUp(event.turn) : [])];
      case 'message_end': {
        const before = [...approvals.settle(event.turn), ...steps.end()];
        if (event.turn === last) return [...before, ...toFinish(event)];
        return [...before, { type: 'message-metadata', messageMetadata: toEndMetadata(event) }];
      }
      case 'approval_request':
        return approvals.request(event);
      case 'approval_answer': {
        const isClosed = event.status !== 'answered' && event.turn === last;
        const chunks = [...enter(event.turn), ...approvals.answer(event)];
        return isClosed ? [...chunks, ...toNever()] : chunks;
      }
      case 'withdraw':
        return toNever();
      case 'tool_use_start':
      case 'tool_use_input':
      case 'tool_use':
      case 'tool_progress':
      case 'tool_result':
        return toCallChunks(event);
      case 'session_start':
      case 'cancel_request':
      case 'step_start':
      case 'step_end':
        return [];
      default:
        return toPartChunks(event);
    }
  };
}

/** Returns the id of the assistant's message that answers a message. */
export function toAssistantId(message: string): string {
  return `a_${message}`;
}

/** Returns the message that an assistant's message answers; undefined if the id is not one of Heddle's. */
export function fromAssistantId(id: string): string | undefined {
  return id.startsWith('a_') && id.length > 2 ? id.slice(2) : undefined;
}

/** Returns the last chunks of an answer that will not begin. */
function toNever(): readonly UiChunk[] {
  const messageMetadata = { heddle: { outcome: 'cancelled' } };
  return [{ type: 'abort' }, { type: 'finish', finishReason: 'other', messageMetadata }];
}
