import type { AgentMessage } from '../../../protocol/index.ts';
import type { DialectReply } from '../../dialect-reply.ts';
import type { Finding } from '../../intent.ts';
import { toFailedReply } from '../to-open-ai-error.ts';
import { toEarlyEnd } from '../early-end.ts';
import { betweenParts, toApprovalLine, toCompletionHead, toCompletionUsage } from './completion.ts';
import type { Completion } from './completion.ts';

/** Returns the whole answer of an exchange. */
export function toCompletionReply({ exchange, state }: Finding, model: string): DialectReply {
  const turn = exchange?.turn ?? '';
  const answer = state.messages.findLast((each) => each.role === 'agent' && each.turn === turn);
  const sent = state.messages.find((each) => each.role === 'user' && each.message === exchange?.message);
  if (answer?.role === 'agent' && answer.outcome === 'failed') return toFailedReply(answer.error);
  const { content, reasoning, reason, usage } = toTexts(answer?.role === 'agent' ? answer : undefined);
  const counts = toCompletionUsage(usage);
  const completion: Completion = {
    ...toCompletionHead('chat.completion', turn, sent?.at ?? 0, model),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content,
          refusal: null,
          ...(reasoning !== '' && { reasoning_content: reasoning }),
        },
        logprobs: null,
        finish_reason: toEarlyEnd(reason) ?? 'stop',
      },
    ],
    ...(counts && { usage: counts }),
  };
  return { body: completion };
}

interface Texts extends Pick<AgentMessage, 'reason' | 'usage'> {
  readonly content: string;
  readonly reasoning: string;
}

/** A turn that was cancelled before it started has no answer. */
function toTexts({ parts, reason, usage }: Partial<AgentMessage> = {}): Texts {
  const contents: string[] = [];
  const reasonings: string[] = [];
  for (const part of parts ?? []) {
    if (part.type === 'text') contents.push(part.text);
    if (part.type === 'approval') contents.push(toApprovalLine(part.reason));
    if (part.type === 'reasoning') reasonings.push(part.text);
  }
  const join = (texts: readonly string[]): string => texts.filter((text) => text !== '').join(betweenParts);
  return {
    content: join(contents),
    reasoning: join(reasonings),
    ...(reason !== undefined && { reason }),
    ...(usage !== undefined && { usage }),
  };
}
