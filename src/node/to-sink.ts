import { ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { Sink } from '../server/index.ts';
import { toChunk } from './to-chunk.ts';

/** Where a response's body is written: straight to the socket where that is the same, and cheaper. Its headers go out with its first bytes. */
export function toSink(response: ServerResponse | Http2ServerResponse): Sink {
  if ('stream' in response) return toHttp2Sink(response);
  const { socket } = response;
  if (socket === null || !isBare(response)) return toResponseSink(response);
  // Held back for the first bytes of the body, so that both are one packet.
  socket.cork();
  process.nextTick(() => socket.uncork());
  response.flushHeaders();
  // Not so for clients that speak HTTP/1.0, and for answers to HEAD.
  return response.chunkedEncoding && response.req.method !== 'HEAD'
    ? toSocketSink(response, socket)
    : toResponseSink(response);
}

/** Whether the other side has left: an HTTP/2 response tells it only through its stream. */
export function isGone(response: ServerResponse | Http2ServerResponse): boolean {
  return 'stream' in response
    ? response.stream.destroyed || response.stream.closed
    : response.closed || response.destroyed;
}

/** Whether what is written to a response goes to its socket, as it is and now: not through a middleware that compresses, nor behind the answer to an earlier request. */
function isBare(response: ServerResponse): boolean {
  return response.write === ServerResponse.prototype.write;
}

/** Frames the chunks itself: a response would do that again for each reader, in two writes. */
function toSocketSink(response: ServerResponse, socket: Socket): Sink {
  return {
    write(text) {
      // Behind an end that somebody else wrote, it would stand in the next answer.
      if (!socket.writable || response.writableEnded) return;
      const { data, encoding } = toChunk(text);
      socket.write(data, encoding);
    },
    get held() {
      // The response's own count knows nothing of what was written here.
      return socket.writableLength;
    },
    drained(wake) {
      // Nothing, written behind all that is held: a socket has no event for less than its high-water mark.
      if (socket.writable) socket.write('', wake);
      else process.nextTick(wake);
    },
    close: (how) => close(response, how),
  };
}

/** Ends a body. What a middleware throws there must not end the process: who ends it may be a timer. */
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
        // The way to say it to middleware that compresses.
        if ('flush' in response && typeof response.flush === 'function') response.flush();
      } catch {
        // The middleware's fault, which must not end the process: who writes may be a timer.
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
      // Without an error code HTTP/2 calls it a proper end.
      else stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    },
  };
}
