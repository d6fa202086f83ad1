import type { SessionEvent } from '../../../protocol/index.ts';
import type { BareFrame } from '../../bare-frame.ts';
import { createChain } from '../../chain.ts';
import type { Projection, Scope } from '../../dialect.ts';
import { toFailure } from '../to-open-ai-error.ts';
import type { OpenAiError } from '../to-open-ai-error.ts';
import { toEarlyEnd } from '../early-end.ts';
import { betweenParts, toApprovalLine, toCompletionHead, toCompletionUsage } from './completion.ts';
import type { CompletionChunk, CompletionDelta, FinishWord } from './completion.ts';

/** The variants of the dialect whose streams are those of chats: without usage, and with it. */
export const chatVariants = { plain: 'chat', usage: 'chat-usage' } as const;

const done: BareFrame = { data: '[DONE]' };

/** Projects an exchange to the chunks of a completion. */
export function projectChat(scope: Scope, model: string): Projection {
  const chain = createChain(scope);
  const { turn, variant } = chain.exchange;
  const hasUsage = variant === chatVariants.usage;
  const speaker = createSpeaker();
  let head: Pick<CompletionChunk, 'id' | 'object' | 'created' | 'model'> | undefined;
  let isOver = false;

  const toChunk = (delta: CompletionDelta, finish: FinishWord | null = null): BareFrame => {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
    return { data: JSON.stringify({ ...head, choices, ...(hasUsage && { usage: null }) }) };
  };
  const begin = (at: number): readonly BareFrame[] => {
    if (head !== undefined) return [];
    head = toCompletionHead('chat.completion.chunk', turn, at, model);
    return [toChunk({ role: 'assistant', content: '' })];
  };
  const end = (event: SessionEvent): readonly BareFrame[] => {
    if (event.type !== 'message_end') return [toChunk({}, 'stop'), done];
    // Without `[DONE]`, which stands for an answer that came to its end.
    if (event.outcome === 'failed') return [toErrorFrame(toFailure(event.error))];
    const usage = hasUsage ? toCompletionUsage(event.usage) : undefined;
    const counts: readonly BareFrame[] = usage
      ? [{ data: JSON.stringify({ ...head, choices: [], usage }) }]
      : [];
    return [toChunk({}, toEarlyEnd(event.reason) ?? 'stop'), ...counts, done];
  };

  return {
    project({ event, at }) {
      if (isOver || chain.see(event) !== 'own') return [];
      const first = begin('at' in event ? event.at : at);
      const deltas = speaker(event).map((delta) => toChunk(delta));
      isOver = chain.end !== undefined;
      return [...first, ...deltas, ...(isOver ? end(event) : [])];
    },
    announce(event) {
      const error = { type: 'server_error', param: null };
      if (event.type === 'auth_expired')
        return [toErrorFrame({ ...error, code: 'auth_expired', message: 'The credentials have expired.' })];
      if (event.type !== 'resync') return [];
      return [toErrorFrame({ ...error, code: 'forgotten', message: 'This answer is not kept any more.' })];
    },
    get over() {
      return isOver;
    },
  };
}

function toErrorFrame(error: OpenAiError): BareFrame {
  return { data: JSON.stringify({ error }) };
}

/**
 * Creates a function that turns events into deltas. Tools are not shown: a delta with `tool_calls` would ask
 * the client to run them. Text that is withdrawn cannot be taken back.
 */
function createSpeaker(): (event: SessionEvent) => readonly CompletionDelta[] {
  const last = new Map<keyof CompletionDelta, string>();
  const say = (field: 'content' | 'reasoning_content', part: string, text: string): CompletionDelta[] => {
    if (text === '') return [];
    const isNext = last.has(field) && last.get(field) !== part;
    last.set(field, part);
    return [{ [field]: isNext ? betweenParts + text : text }];
  };
  return (event) => {
    if (event.type === 'content') return say('content', event.part, event.data);
    if (event.type === 'reasoning') return say('reasoning_content', event.part, event.data);
    if (event.type === 'approval_request')
      return say('content', `approval ${event.approval}`, toApprovalLine(event.reason));
    return [];
  };
}
