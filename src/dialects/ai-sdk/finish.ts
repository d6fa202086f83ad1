import type { EngineEvent } from '../../protocol/index.ts';
import type { UiChunk, FinishReason, MessageMetadata } from './chunk.ts';

type Ended = Extract<EngineEvent, { readonly type: 'message_end' }>;

/** The vendors' words for why a model stopped. */
const reasons: Readonly<Record<string, FinishReason>> = {
  max_tokens: 'length',
  length: 'length',
  content_filtered: 'content-filter',
  content_filter: 'content-filter',
  guardrail_intervened: 'content-filter',
  refusal: 'content-filter',
};

/**
 * Returns the last chunks of a stream. The SDK stops at `error`, so its metadata come before. Nothing may be
 * missing after it, because `WorkflowChatTransport` asks on until `finish`.
 */
export function toFinish(ended: Ended): readonly UiChunk[] {
  const messageMetadata = toEndMetadata(ended);
  const finish = (finishReason: FinishReason): UiChunk => ({ type: 'finish', finishReason, messageMetadata });
  switch (ended.outcome) {
    case 'completed':
      return [finish(reasons[ended.reason ?? ''] ?? 'stop')];
    case 'waiting':
      return [finish('tool-calls')];
    case 'cancelled':
      return [{ type: 'abort' }, finish('other')];
    case 'failed': {
      const errorText = ended.error?.message ?? 'The agent failed.';
      return [{ type: 'message-metadata', messageMetadata }, { type: 'error', errorText }, finish('error')];
    }
  }
}

/** Returns what a turn's end says of its message. */
export function toEndMetadata({ outcome, reason, usage, error }: Ended): MessageMetadata {
  return {
    heddle: {
      outcome,
      ...(reason !== undefined && { reason }),
      ...(usage !== undefined && { usage: { ...usage } }),
      ...(error !== undefined && { error }),
    },
  };
}
