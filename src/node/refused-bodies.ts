import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/**
 * The bodies of requests that were refused before they had arrived. A connection that is closed while bytes
 * arrive is reset, and a reset takes the response away from a client, or a proxy, that still sends. So the
 * server reads on for a moment, and drops what it reads.
 */
export interface RefusedBodies {
  /**
   * Reads on until the body ends, or the client leaves, or a limit is reached. Then calls `done`, once.
   * Returns false, and does nothing, if too many bodies are read already.
   */
  readOn(request: IncomingMessage | Http2ServerRequest, done: () => void): boolean;
}

/** The limits for one body. */
const longestMs = 1_000;
const mostBytes = 4 * 1024 * 1024;
/** The bodies that one server reads on at once. A flood of them must not cost more. */
const mostBodies = 100;

/** Creates the bodies of one server. */
export function createRefusedBodies(): RefusedBodies {
  let count = 0;
  return {
    readOn(request, done) {
      if (count >= mostBodies) return false;
      count += 1;
      let left = mostBytes;
      const take = (bytes: Uint8Array): void => {
        left -= bytes.length;
        if (left < 0) stop();
      };
      const stop = (): void => {
        clearTimeout(timer);
        request.off('data', take);
        for (const event of ends) request.off(event, stop);
        request.pause();
        count -= 1;
        done();
      };
      const timer = setTimeout(stop, longestMs);
      for (const event of ends) request.on(event, stop);
      request.on('data', take);
      request.resume();
      return true;
    },
  };
}

const ends = ['end', 'error', 'aborted', 'close'];
