import type { SessionEvent } from '../../protocol/index.ts';

/** Tells in words how an answer goes on. */
export interface McpProgress {
  /** Returns a sentence if the event is worth one. */
  see(event: SessionEvent): string | undefined;
}

/** The length of text after which progress is told again, in characters. */
const stride = 256;

/** Creates the progress of one answer. */
export function createMcpProgress(): McpProgress {
  const tools = new Map<string, string>();
  let written = 0;
  let told = 0;
  return {
    see(event) {
      switch (event.type) {
        case 'message':
          return event.queued === undefined ? 'The message was sent.' : 'The message waits for its turn.';
        case 'approval_answer':
          return 'The approval was answered.';
        case 'message_start':
          return event.attempt > 1 ? 'The agent begins again.' : 'The agent is at work.';
        case 'tool_use':
          tools.set(event.call, event.tool);
          return `The agent calls ${event.tool}.`;
        case 'tool_result': {
          const tool = tools.get(event.call);
          if (tool === undefined || event.status === 'cancelled') return undefined;
          return event.status === 'ok' ? `${tool} has answered.` : `${tool} has failed.`;
        }
        case 'content':
          written += event.data.length;
          if (written < told + stride && told > 0) return undefined;
          told = written;
          return `The agent has written ${written.toLocaleString('en')} characters.`;
        case 'approval_request':
          return 'The agent asks for approval.';
        default:
          return undefined;
      }
    },
  };
}
