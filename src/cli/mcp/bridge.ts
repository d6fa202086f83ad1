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

/** A request of the host that is not answered yet. */
interface RunningRequest {
  /** Closes its connection. */
  readonly leaving: AbortController;
  /** Resolves when the server has begun to answer, or never will. */
  readonly begun: PromiseWithResolvers<void>;
  /** The terms that the host and the server had agreed on when it began. */
  readonly session: HostSession;
  /** The host has given up, and reads nothing more of it. */
  isCancelled: boolean;
}

/**
 * Creates a bridge from the lines of a host to Streamable HTTP: each message is a request of its own, and
 * what comes back are lines. It keeps what `initialize` agreed on, because lines have no headers.
 */
export function createHostBridge(options: BridgeOptions): HostBridge {
  const { url, fetch, headers: given = {}, write, warn, waitMs = 1000 } = options;
  const running = new Map<unknown, RunningRequest>();
  const pending = new Set<Promise<void>>();
  let session: HostSession = {};

  const toRequest = (message: RpcMessage, of: HostSession, signal: AbortSignal): Request => {
    const headers = toMessageHeaders(message, of);
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

  const send = async (message: RpcMessage, request: RunningRequest): Promise<void> => {
    const { signal } = request.leaving;
    let response: Response | undefined;
    const post = async (): Promise<Response> => {
      response = await fetch(toRequest(message, request.session, signal)).finally(request.begun.resolve);
      return response;
    };
    const source = { name: url, post, signal, waitMs, resume: (after: string) => resume(after, signal) };
    for await (const answer of readAnswer(source)) {
      if (request.isCancelled) return;
      if (response !== undefined) note(message, response, answer['result']);
      // A notification is not answered, nor is the host's answer to a question of the server.
      const isAnswered = 'id' in message && !isResponseMessage(message);
      if (isAnswered || !isResponseMessage(answer)) write({ ...toIdOf(message, answer), ...answer });
    }
  };

  const perform = async (message: RpcMessage, of = session): Promise<void> => {
    const { id, method } = message;
    const isRequest = id !== undefined && method !== undefined;
    const request: RunningRequest = {
      leaving: new AbortController(),
      begun: Promise.withResolvers(),
      session: of,
      isCancelled: false,
    };
    if (isRequest) running.set(id, request);
    try {
      await send(message, request);
    } catch (error) {
      if (request.isCancelled || request.leaving.signal.aborted) return;
      const sentence = error instanceof ExitError ? error.message : 'The answer cannot be read.';
      if (isRequest) write(toErrorLine(id, sentence));
      warn(sentence);
    } finally {
      if (running.get(id) === request) running.delete(id);
    }
  };

  const cancel = async (message: RpcMessage, request: RunningRequest | undefined): Promise<void> => {
    if (request !== undefined) request.isCancelled = true;
    // In the modern revision, the end of the request is what cancels.
    if (session.version !== undefined) {
      // The server cannot stop a turn of which it has not heard.
      await request?.begun.promise;
      await perform(message, request?.session);
    }
    request?.leaving.abort();
  };

  const start = (performed: Promise<void>): void => {
    pending.add(performed);
    void performed.finally(() => pending.delete(performed));
  };

  return {
    receive(line) {
      const message = toHostMessage(line);
      if (message === 'unreadable') return write(toErrorLine(undefined, 'The line is not JSON.', -32_700));
      if (message === undefined)
        return write(toErrorLine(undefined, 'The line is not a JSON object.', -32_600));
      const { method, params } = message;
      if (method === 'notifications/cancelled' && isRecord(params)) {
        return start(cancel(message, running.get(params['requestId'])));
      }
      return start(perform(message));
    },
    settled: async () => void (await Promise.all(pending)),
    close() {
      for (const { leaving } of running.values()) leaving.abort();
    },
  };
}

/** Returns undefined for JSON that is no object. */
function toHostMessage(line: string): RpcMessage | 'unreadable' | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return 'unreadable';
  }
}

/** Returns the id for a response that has none, because the server could not read the request. */
function toIdOf({ id }: RpcMessage, answer: RpcMessage): RpcMessage {
  return isResponseMessage(answer) && !('id' in answer) ? { id } : {};
}
