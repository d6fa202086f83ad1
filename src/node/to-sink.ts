import { ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { Http2ServerResponse } from 'node:http2';
import type { Sink } from '../server/index.ts';
import { toSocket } from './http-connection.ts';
import { SocketSink, closeResponse } from './socket-sink.ts';

/**
 * Returns the sink for the body of a response. It writes straight to the socket if that has the same effect
 * and is cheaper. The headers go out with the first bytes of the body. A response behind an earlier one has
 * no socket yet.
 */
export function toSink(response: ServerResponse | Http2ServerResponse): Sink {
  if ('stream' in response) return toHttp2Sink(response);
  const socket = toSocket(response.socket);
  if (socket === undefined || !isBare(response)) return toResponseSink(response);
  // The headers wait for the first bytes of the body, so that both are one packet.
  socket.cork();
  process.nextTick(() => socket.uncork());
  response.flushHeaders();
  // Clients with HTTP/1.0 and responses to HEAD have no chunks.
  return response.chunkedEncoding && response.req.method !== 'HEAD'
    ? new SocketSink(socket, response)
    : toResponseSink(response);
}

/** Returns whether the client has left. An HTTP/2 response shows it only through its stream. */
export function isGone(response: ServerResponse | Http2ServerResponse): boolean {
  return 'stream' in response
    ? response.stream.destroyed || response.stream.closed
    : response.closed || response.destroyed;
}

/**
 * Returns whether writes to a response go to its socket unchanged. A middleware that compresses replaces
 * `write`.
 */
export function isBare(response: ServerResponse): boolean {
  return response.write === ServerResponse.prototype.write;
}

function toResponseSink(response: ServerResponse): Sink {
  let isFull = false;
  return {
    write(text) {
      if (isGone(response) || response.writableEnded) return;
      try {
        isFull = !response.write(text);
        // Middleware that compresses sends its buffer on `flush`.
        if ('flush' in response && typeof response.flush === 'function') response.flush();
      } catch {
        // An error of a middleware must not end the process, because the caller may be a timer.
        response.destroy();
      }
    },
    get held() {
      if (isGone(response)) return 0;
      return Math.max(
        response.writableLength,
        toSocket(response.socket)?.writableLength ?? 0,
        isFull ? 1 : 0,
      );
    },
    drained(wake) {
      const done = (): void => {
        isFull = false;
        response.off('drain', done);
        response.off('close', done);
        wake();
      };
      if (!isFull || isGone(response)) return done();
      response.on('drain', done);
      response.on('close', done);
    },
    close: (how) => closeResponse(response, how),
  };
}

function toHttp2Sink(response: Http2ServerResponse): Sink {
  const { stream } = response;
  let wakes: (() => void)[] = [];
  const taken = (): void => {
    if (wakes.length === 0 || (stream.writableLength > 0 && !stream.destroyed)) return;
    const woken = wakes;
    wakes = [];
    for (const wake of woken) wake();
  };
  return {
    write(text) {
      if (!isGone(response) && !response.writableEnded) response.write(text, taken);
    },
    get held() {
      return isGone(response) ? 0 : stream.writableLength;
    },
    drained(wake) {
      wakes.push(wake);
      taken();
    },
    close(how) {
      if (how === 'end') response.end();
      // Without an error code HTTP/2 treats it as a proper end.
      else stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    },
  };
}
