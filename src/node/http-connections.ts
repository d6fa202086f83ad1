import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { HttpConnection } from './http-connection.ts';

/** Bun and Deno have HTTP servers of their own behind `node:http`. */
const isNode = !('Deno' in globalThis) && process.versions['bun'] === undefined;

/**
 * Puts an `HttpConnection` between each socket and an HTTP server, so that streams can take their sockets away
 * from it (decision 018). Call it before the server listens. Returns false and changes nothing if the runtime
 * is not Node, or if the server does not serve its sockets by one listener of its event `connection`.
 */
export function insertConnections(http: HttpServer): boolean {
  const [serve, ...others] = http.listeners('connection');
  if (!isNode || serve === undefined || others.length > 0) return false;

  // The sockets that streams have taken. The HTTP server no longer knows them.
  const taken = new Set<Socket>();
  function forget(this: Socket): void {
    taken.delete(this);
  }
  const keep = (socket: Socket): void => {
    taken.add(socket);
    socket.on('close', forget);
  };
  http.removeAllListeners('connection');
  // Other code may give the server streams that are not sockets, as Node documents.
  http.on('connection', (socket: unknown) => {
    serve.call(http, socket instanceof Socket ? new HttpConnection(socket, keep) : socket);
  });
  http.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const connection: unknown = socket;
    if (connection instanceof HttpConnection) connection.latest = response;
  });
  const { closeAllConnections } = http;
  http.closeAllConnections = () => {
    closeAllConnections.call(http);
    for (const socket of taken) socket.destroy();
  };
  return true;
}
