import { isRecord } from '../../protocol/internal.ts';
import { ExitError } from '../serve/exit-error.ts';
import { isResponseMessage, toErrorLine, toMessageHeaders } from './message.ts';
import type { HostSession, RpcMessage } from './message.ts';
import { readAnswer } from './read-answer.ts';

export interface BridgeOptions {
  /** The endpoint of the server. */
  readonly url: string;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Writes one message for the host. */
  readonly write: (message: RpcMessage) => void;
  /** Reports what no message for the host can say. */
  readonly warn: (sentence: string) => void;
  /** The time between two tries to read an answer on, in milliseconds. @default 1000 */
  readonly waitMs?: number;
}

/** A host on one side, and a server on the other. */
export interface HostBridge {
  /** Takes one line of the host. */
  receive(line: string): void;
  /** Resolves when all that the host has sent is answered. */
  settled(): Promise<void>;
  /** Gives up what is not answered yet. */
  close(): void;
}

/**
 * Creates a bridge from the lines of a host to Streamable HTTP: each message is a request of its own, and
 * what comes back are lines. It keeps what `initialize` agreed on, because lines have no headers.
 */
export function createHostBridge(options: BridgeOptions): HostBridge {
  const { url, fetch, headers: given = {}, write, warn, waitMs = 1000 } = options;
  const running = new Map<unknown, AbortController>();
  const pending = new Set<Promise<void>>();
  let session: HostSession = {};

  const toRequest = (message: RpcMessage, signal: AbortSignal): Request => {
    const headers = toMessageHeaders(message, session);
    for (const [name, value] of Object.entries(given)) headers.set(name, value);
    return new Request(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(message),
      signal,
      redirect: 'error',
    });
  };

  const resume = (after: string, signal: AbortSignal): Promise<Response> => {
    const headers = toMessageHeaders({}, session);
    headers.delete('content-type');
    headers.set('last-event-id', after);
    for (const [name, value] of Object.entries(given)) headers.set(name, value);
    return fetch(new Request(url, { headers, signal, redirect: 'error' }));
  };

  const note = (message: RpcMessage, response: Response, result: unknown): void => {
    if (message['method'] !== 'initialize' || !isRecord(result)) return;
    const name = response.headers.get('mcp-session-id');
    const { protocolVersion: version } = result;
    session = { ...(name !== null && { name }), ...(typeof version === 'string' && { version }) };
  };

  const send = async (message: RpcMessage, { signal }: AbortController): Promise<void> => {
    let response: Response | undefined;
    const post = async (): Promise<Response> => (response = await fetch(toRequest(message, signal)));
    const source = { name: url, post, signal, waitMs, resume: (after: string) => resume(after, signal) };
    for await (const answer of readAnswer(source)) {
      // The host has given up meanwhile.
      if (signal.aborted) return;
      if (response !== undefined) note(message, response, answer['result']);
      if ('id' in message || !isResponseMessage(answer)) write({ ...toIdOf(message, answer), ...answer });
    }
  };

  const perform = async (message: RpcMessage): Promise<void> => {
    const { id, method } = message;
    const isRequest = id !== undefined && method !== undefined;
    const leaving = new AbortController();
    if (isRequest) running.set(id, leaving);
    try {
      await send(message, leaving);
    } catch (error) {
      if (leaving.signal.aborted) return;
      const sentence = error instanceof ExitError ? error.message : 'The answer cannot be read.';
      if (isRequest) write(toErrorLine(id, sentence));
      warn(sentence);
    } finally {
      if (running.get(id) === leaving) running.delete(id);
    }
  };

  const start = (message: RpcMessage): void => {
    const performed = perform(message);
    pending.add(performed);
    void performed.finally(() => pending.delete(performed));
  };

  return {
    receive(line) {
      const message = toHostMessage(line);
      if (message === undefined)
        return write(toErrorLine(undefined, 'The line is not a JSON object.', -32_700));
      const { method, params } = message;
      if (method === 'notifications/cancelled' && isRecord(params)) {
        const { requestId } = params;
        // In the modern revision, the end of the request is what cancels.
        if (session.version !== undefined) start(message);
        running.get(requestId)?.abort();
        running.delete(requestId);
        return undefined;
      }
      return start(message);
    },
    settled: async () => void (await Promise.all(pending)),
    close() {
      for (const leaving of running.values()) leaving.abort();
    },
  };
}

function toHostMessage(line: string): RpcMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the id for a response that has none, because the server could not read the request. */
function toIdOf({ id }: RpcMessage, answer: RpcMessage): RpcMessage {
  return isResponseMessage(answer) && !('id' in answer) ? { id } : {};
}
