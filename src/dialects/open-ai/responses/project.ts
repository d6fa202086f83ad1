import type { SessionEvent } from '../../../protocol/index.ts';
import type { BareFrame } from '../../bare-frame.ts';
import { createChain } from '../../chain.ts';
import type { Projection, Scope } from '../../dialect.ts';
import { toFailure } from '../to-open-ai-error.ts';
import { createCallItems } from './call-items.ts';
import { createExchangeState } from './exchange-state.ts';
import type { ItemEvent, ResponseEvent } from './response-event.ts';
import type { OpenAiResponse } from './response.ts';
import { createTextItems } from './text-items.ts';
import { toResponse } from './to-response.ts';

/**
 * Projects an exchange to the events of the response that shows its turn. The number of an event is its place
 * in the stream, so that a client that names the last number it has gets the next one.
 */
export function projectResponse(scope: Scope, model: string): Projection {
  const chain = createChain(scope);
  const { exchange } = chain;
  const { session, turn } = exchange;
  const state = createExchangeState(session);
  let places = 0;
  const takePlace = (): number => places++;
  const texts = createTextItems(turn, takePlace);
  const calls = createCallItems(session, turn, takePlace);
  let count = 0;
  let isOver = false;

  const toFrame = (event: ResponseEvent, index = 0): BareFrame => ({
    event: event.type,
    data: JSON.stringify({ ...event, sequence_number: count + index }),
  });
  const read = (): OpenAiResponse => toResponse(exchange, state.read(), model);
  const begin = (event: SessionEvent): readonly ResponseEvent[] => {
    if (count > 0) return [];
    const isQueued = event.type === 'message' && event.queued !== undefined;
    return [
      { type: 'response.created', response: { ...read(), status: isQueued ? 'queued' : 'in_progress' } },
    ];
  };
  const see = (event: SessionEvent): readonly ItemEvent[] => {
    switch (event.type) {
      case 'content_start':
      case 'content':
      case 'content_end':
      case 'reasoning_start':
      case 'reasoning':
      case 'reasoning_end':
      case 'replace':
        return texts.see(event);
      case 'tool_use_start':
      case 'tool_use_input':
      case 'tool_use':
      case 'tool_progress':
      case 'tool_result':
      case 'approval_request':
        return calls.see(event);
      // Text that is withdrawn was sent. The last event has the output without it.
      default:
        return [];
    }
  };
  const end = (event: SessionEvent): readonly ResponseEvent[] => {
    const closing = [...texts.close(), ...calls.close()];
    const response = read();
    const last: ResponseEvent = { type: toLastType(response), response };
    if (response.status !== 'failed') return [...closing, last];
    // Some clients do not look at the status, and take a stream that just ends for success.
    const { code, message } = toFailure(event.type === 'message_end' ? event.error : undefined);
    return [...closing, last, { type: 'error', code, message, param: null }];
  };

  return {
    project(entry) {
      if (isOver) return [];
      const { event } = entry;
      const place = chain.see(event);
      if (place === 'other') return [];
      state.add(entry);
      if (place === 'known') {
        calls.know(event);
        return [];
      }
      const starts = event.type === 'message_start' && event.attempt === 1;
      const events = [
        ...begin(event),
        ...(starts ? [{ type: 'response.in_progress', response: read() } as const] : []),
        ...see(event),
      ];
      isOver = chain.end !== undefined;
      const frames = [...events, ...(isOver ? end(event) : [])].map(toFrame);
      count += frames.length;
      return frames;
    },
    announce(event) {
      if (event.type === 'auth_expired')
        return [toAnnouncement('auth_expired', 'The credentials have expired.')];
      if (event.type !== 'resync') return [];
      return [
        toAnnouncement('forgotten', 'This stream is not kept any more. Retrieve the response instead.'),
      ];
    },
    get over() {
      return isOver;
    },
  };
}

/**
 * Returns the type of a stream's last event about its response. A response that was cancelled is incomplete.
 */
export function toLastType({
  status,
}: Pick<OpenAiResponse, 'status'>): 'response.completed' | 'response.failed' | 'response.incomplete' {
  if (status === 'completed') return 'response.completed';
  return status === 'failed' ? 'response.failed' : 'response.incomplete';
}

/**
 * It has no number, because it has no place in the stream: a client that reads on does so after its last
 * number.
 */
function toAnnouncement(code: string, message: string): BareFrame {
  return { event: 'error', data: JSON.stringify({ type: 'error', code, message, param: null }) };
}
