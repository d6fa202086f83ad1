import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** A request that the scripted server received. */
export interface Seen {
  readonly method: string;
  /** The path and the query, without the nonce and the idempotency key. */
  readonly url: string;
  /** Different for each GET. */
  readonly nonce: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The server's response to one request. */
export type Step = (response: ServerResponse, request: Seen) => void;

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly Seen[];
  /** Returns how many sockets are open. */
  sockets(): number;
  /** Resolves once a condition holds. It is checked after each request and each closed socket. */
  until(holds: () => boolean): Promise<void>;
}

/**
 * Serves on a free port: the first request gets the first step, and so on. The last step serves all others.
 */
export async function startScript(...steps: readonly [Step, ...Step[]]): Promise<ScriptedServer> {
  const requests: Seen[] = [];
  const sockets = new Set<object>();
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const check of waiting) check();
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: asked = '', headers } = request;
      const [, mark = '', nonce] = /([?&])nonce=([^&]*)$/.exec(asked) ?? [];
      const url = asked.replace(`${mark}nonce=${nonce}`, '').replace(/[?&]key=[^&]*$/, '');
      const seen = { method, url, nonce, headers, body: Buffer.concat(chunks).toString() };
      const step = steps[requests.length] ?? steps.at(-1);
      requests.push(seen);
      step?.(response, seen);
      look();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      look();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    sockets: () => sockets.size,
    until: (holds) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!holds()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Responds with an event stream of these bytes, and then ends it cleanly, resets it, or leaves it open. */
export function stream(bytes: string | Uint8Array, then: 'end' | 'reset' | 'hold' = 'end'): Step {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.flushHeaders();
    const after = (): void => {
      if (then === 'reset') response.socket?.resetAndDestroy();
      if (then === 'end') response.end();
    };
    if (bytes.length === 0) after();
    // A reset discards bytes that the kernel still holds, so they must leave first.
    else response.write(bytes, () => setImmediate(after));
  };
}

/** Responds with JSON, and from status 400 on with problem JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Step {
  return (response) => {
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Resets the connection without a response. */
export const reset: Step = (response) => void response.socket?.resetAndDestroy();
