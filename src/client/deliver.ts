import { isRecord } from '../protocol/internal.ts';
import type { SessionState } from '../protocol/index.ts';
import { callHandler, throwUncaught } from './call-handler.ts';
import { ClientError } from './client-error.ts';
import type { EventAtId } from './event-at-id.ts';

/** A tool call as the handlers of the sample clients know it. */
export interface ToolUse {
  readonly tool: string;
  readonly input: unknown;
  readonly id: string;
}

export interface Handlers {
  /** Called with every event. */
  readonly onMessage?: (event: EventAtId['event']) => void;
  /** Called with each piece of text. */
  readonly onContent?: (text: string) => void;
  /** Called once a tool call's input is complete. */
  readonly onToolUse?: (use: ToolUse) => void;
  /**
   * Called if the server could not continue after this client's last entry. The current state of the session
   * then replaces the client's own. `state` is missing if it is too long to send; `Session.state()` reads it.
   */
  readonly onResync?: (state: SessionState | undefined) => void;
  /** Called at the end of an answer, whatever its outcome. */
  readonly onEnd?: () => void;
  /**
   * Called if a turn failed, or if the connection failed for good. Without this handler, a failed connection
   * is thrown as an uncaught error.
   */
  readonly onError?: (error: Error) => void;
}

/**
 * Passes events to callbacks until there are no more or the signal is aborted. It also reads the two simple
 * shapes of other servers, `{"type":"content","data":"…"}` and `event: content` with `{"content":"…"}`.
 */
export async function deliver(
  events: AsyncIterable<EventAtId>,
  handlers: Handlers,
  endsWith: 'message_end' | 'stream',
  signal: AbortSignal,
): Promise<void> {
  // A handler may close its client. No other handler is called after that, not even for the same event.
  const out: typeof callHandler = (handler, ...args) =>
    signal.aborted ? undefined : callHandler(handler, ...args);
  try {
    for await (const { event } of events) {
      out(handlers.onMessage, event);
      if (event.type === 'resync') out(handlers.onResync, event.state);
      const name = event.type === 'unknown' ? event.name : event.type;
      handOut(name, event.type === 'unknown' ? event.data : event, handlers, out);
      if (name === endsWith) out(handlers.onEnd);
    }
    if (endsWith === 'stream') out(handlers.onEnd);
  } catch (error) {
    if (handlers.onError && error instanceof Error) out(handlers.onError, error);
    else if (!signal.aborted) throwUncaught(error);
  }
}

function handOut(
  name: string,
  event: unknown,
  { onContent, onToolUse, onError }: Handlers,
  out: typeof callHandler,
): void {
  if (name === 'content') {
    const text = isRecord(event) ? (event['data'] ?? event['content']) : event;
    if (typeof text === 'string') out(onContent, text);
  } else if (name === 'tool_use' && isRecord(event) && typeof event['tool'] === 'string') {
    const { tool, input, call, id = call } = event;
    out(onToolUse, { tool, input, id: typeof id === 'string' ? id : '' });
  } else if (name === 'error' || (isRecord(event) && event['outcome'] === 'failed')) {
    out(onError, toError(isRecord(event) ? (event['error'] ?? event) : event));
  }
}

function toError(error: unknown): ClientError {
  const { code, message } = isRecord(error) ? error : { code: undefined, message: error };
  return new ClientError(
    typeof code === 'string' ? code : 'failed',
    typeof message === 'string' ? message : 'The turn failed.',
  );
}
