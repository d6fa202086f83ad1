import { ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { Sink } from '../server/index.ts';
import { toChunk } from './to-chunk.ts';

/**
 * Returns the sink for the body of a response. It writes straight to the socket if that has the same effect
 * and is cheaper. The headers go out with the first bytes of the body. A response behind an earlier one has
 * no socket yet.
 */
export function toSink(response: ServerResponse | Http2ServerResponse): Sink {
  if ('stream' in response) return toHttp2Sink(response);
  const { socket } = response;
  if (socket === null || !isBare(response)) return toResponseSink(response);
  // The headers wait for the first bytes of the body, so that both are one packet.
  socket.cork();
  process.nextTick(() => socket.uncork());
  response.flushHeaders();
  // Clients with HTTP/1.0 and responses to HEAD have no chunks.
  return response.chunkedEncoding && response.req.method !== 'HEAD'
    ? toSocketSink(response, socket)
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
function isBare(response: ServerResponse): boolean {
  return response.write === ServerResponse.prototype.write;
}

/** Frames the chunks itself. A response would frame them again for each reader, in two writes. */
function toSocketSink(response: ServerResponse, socket: Socket): Sink {
  return {
    write(text) {
      // After an `end` by other code, this text would be part of the next response.
      if (!socket.writable || response.writableEnded) return;
      const { data, encoding } = toChunk(text);
      socket.write(data, encoding);
    },
    get held() {
      // The response's own count does not include these bytes.
      return socket.writableLength;
    },
    drained(wake) {
      // An empty write calls back after all buffered bytes. A socket has no event for less than its
      // high-water mark.
      if (socket.writable) socket.write('', wake);
      else process.nextTick(wake);
    },
    close: (how) => close(response, how),
  };
}

/** Ends a body. An error of a middleware must not end the process, because the caller may be a timer. */
function close(response: ServerResponse, how: 'end' | 'cut'): void {
  try {
    if (how === 'end') response.end();
    else response.destroy();
  } catch {
    response.destroy();
  }
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
      return Math.max(response.writableLength, response.socket?.writableLength ?? 0, isFull ? 1 : 0);
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
    close: (how) => close(response, how),
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
