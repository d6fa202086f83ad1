import type { AgentMessage, MessageState, SessionState, Usage } from '../../../protocol/index.ts';
import type { Exchange } from '../../exchange.ts';
import { countTokens } from '../count-tokens.ts';
import { toFailure } from '../to-open-ai-error.ts';
import { toEarlyEnd } from '../early-end.ts';
import { toApprovalItemId, toResponseId } from './names.ts';
import { responseConstants } from './response.ts';
import type { OpenAiResponse, ResponseItem, ResponseStatus } from './response.ts';
import { toApprovalItem, toCallItem, toMessageItem, toReasoningItem } from './to-item.ts';

/**
 * Returns the response that shows a turn, as it is in a state. The state has the exchange's messages, and may
 * have others.
 */
export function toResponse(
  { session, message, turn }: Pick<Exchange, 'session' | 'message' | 'turn'>,
  { messages }: Pick<SessionState, 'messages'>,
  model: string,
): OpenAiResponse {
  const sent = messages.find((each) => each.role === 'user' && each.message === message);
  const answer = findAnswer(messages, turn);
  const status = answer ? toStatus(answer) : toStatusBefore(messages, message, turn);
  const stopped = answer && toEarlyEnd(answer.reason);
  return {
    ...responseConstants,
    id: toResponseId({ session, turn }),
    object: 'response',
    created_at: Math.floor((sent?.at ?? answer?.at ?? 0) / 1000),
    status,
    error: status === 'failed' ? { code: 'server_error', message: toFailure(answer?.error).message } : null,
    incomplete_details:
      status === 'incomplete' && stopped
        ? { reason: stopped === 'length' ? 'max_output_tokens' : stopped }
        : null,
    model,
    output: answer === undefined ? [] : toOutput(session, answer, findAnswer(messages, answer.resumes)),
    ...toUsage(answer?.usage),
  };
}

function findAnswer(messages: readonly MessageState[], turn: string | undefined): AgentMessage | undefined {
  const found = messages.findLast((each) => each.role === 'agent' && each.turn === turn);
  return found?.role === 'agent' ? found : undefined;
}

function toStatus({ outcome, reason }: AgentMessage): ResponseStatus {
  if (outcome === undefined) return 'in_progress';
  if (outcome === 'failed' || outcome === 'cancelled') return outcome;
  return toEarlyEnd(reason) === undefined ? 'completed' : 'incomplete';
}

/** Returns the status of a turn that has not started: it waits, or it never will. */
function toStatusBefore(messages: readonly MessageState[], message: string, turn: string): ResponseStatus {
  const sent = messages.find((each) => each.role === 'user' && each.message === message);
  const isWithdrawn = sent?.role === 'user' && sent.status === 'withdrawn';
  // A turn that goes on from approvals starts only if all of them are answered.
  const asked = messages.findLast((each) => each.role === 'agent' && each.message === message);
  const isClosed =
    sent?.turn !== turn &&
    asked?.role === 'agent' &&
    asked.parts.some(
      (part) => part.type === 'approval' && part.status !== undefined && part.status !== 'answered',
    );
  return isWithdrawn || isClosed ? 'cancelled' : 'queued';
}

/** Returns the items of an answer. `asking` is the answer whose approvals were answered before it. */
function toOutput(
  session: string,
  answer: AgentMessage,
  asking: AgentMessage | undefined,
): readonly ResponseItem[] {
  const findApproval = (call: string): string | undefined => {
    const found = asking?.parts.findLast((part) => part.type === 'approval' && part.call === call);
    return found?.type === 'approval' ? toApprovalItemId(session, found.approval) : undefined;
  };
  const asked = new Set(answer.parts.map((part) => (part.type === 'approval' ? part.call : undefined)));
  return answer.parts.flatMap((part): readonly ResponseItem[] => {
    switch (part.type) {
      case 'text':
        return [toMessageItem(answer, part)];
      case 'reasoning':
        return [toReasoningItem(answer, part)];
      case 'tool':
        // The engine closes a call that is asked about. The turn that goes on makes it again.
        if (part.status === 'cancelled' && asked.has(part.call)) return [];
        return [toCallItem(answer, part, findApproval(part.call))];
      case 'approval': {
        const call = answer.parts.findLast((each) => each.type === 'tool' && each.call === part.call);
        return [toApprovalItem(session, part, call?.type === 'tool' ? call : undefined)];
      }
      case 'custom':
        return [];
    }
  });
}

function toUsage(usage: Usage | undefined): Pick<OpenAiResponse, 'usage'> {
  const counts = countTokens(usage);
  if (counts === undefined) return {};
  return {
    usage: {
      input_tokens: counts.input,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: counts.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: counts.total,
    },
  };
}
