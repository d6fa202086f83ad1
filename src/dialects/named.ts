import type { Entry } from '../protocol/index.ts';
import type { BareFrame } from './bare-frame.ts';
import type { Dialect } from './dialect.ts';
import { createOneShot } from './one-shot.ts';

/**
 * The dialect for simple pages: named events `content`, `tool_use`, `approval`, `error` and `end`, for
 * `EventSource.addEventListener`.
 */
export const named: Dialect = {
  name: 'named',
  onCut: 'polite',
  open: ({ scope, state }) => {
    const oneShot = createOneShot(scope, state);
    return {
      project: (entry) => {
        const isLast = oneShot.see(entry);
        return entry.event.type === 'approval_answer' && isLast ? [toFrame('end', {})] : project(entry);
      },
      // Other events mean nothing to a plain client, which reconnects by itself.
      announce: (event) => {
        if (event.type === 'end' || event.type === 'auth_expired') return [toFrame(event.type, {})];
        return event.type === 'resync' ? [toFrame('resync', event)] : [];
      },
      get over() {
        return oneShot.over;
      },
    };
  },
};

function project({ event }: Entry): readonly BareFrame[] {
  switch (event.type) {
    case 'content':
      return [toFrame('content', { content: event.data })];
    case 'tool_use':
      return [toFrame('tool_use', { tool: event.tool, input: event.input, id: event.call })];
    case 'approval_request': {
      const { approval, reason, call } = event;
      return [toFrame('approval', { approval_id: approval, reason, ...(call !== undefined && { call }) })];
    }
    case 'message_end': {
      // The turn goes on after an answer.
      if (event.outcome === 'waiting') return [];
      const end = toFrame('end', {});
      return event.error === undefined ? [end] : [toFrame('error', event.error), end];
    }
    default:
      return [];
  }
}

function toFrame(event: string, data: unknown): BareFrame {
  return { event, data: JSON.stringify(data) };
}
