import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HttpConnection } from './http-connection.ts';
import { isBare } from './to-sink.ts';

/**
 * Sends the head of a stream, and takes the socket of its connection away from the HTTP server. The server
 * frees the parser, the request and the response, and only the socket stays. The head says that the
 * connection closes after this response, so no other request on it gets an answer.
 *
 * Returns undefined, and sends nothing, if the server still needs the connection or the response, or if other
 * code uses the response.
 */
export function takeSocket(response: ServerResponse, headers: OutgoingHttpHeaders): Socket | undefined {
  const connection: unknown = response.socket;
  if (!(connection instanceof HttpConnection) || !isTakeable(response, connection)) return undefined;
  const { socket } = connection;
  // The headers wait for the first bytes of the body, so that both are one packet.
  socket?.cork();
  process.nextTick(() => socket?.uncork());
  response.writeHead(200, { ...headers, connection: 'close' });
  response.flushHeaders();
  const taken = connection.release();
  // The HTTP server then frees the connection, as after any last response.
  response.end();
  return taken;
}

function isTakeable(response: ServerResponse, connection: HttpConnection): boolean {
  const { req: request } = response;
  return (
    connection.latest === response &&
    connection.writable &&
    connection.writableLength === 0 &&
    request.complete &&
    request.method !== 'HEAD' &&
    // Clients with HTTP/1.0 have no chunks.
    response.useChunkedEncodingByDefault &&
    !response.hasHeader('content-length') &&
    isBare(response) &&
    response.listenerCount('close') === 0
  );
}
