import type { Stop } from '../log/index.ts';
import { openTogether } from '../readers/index.ts';
import type { Reader, ReaderOptions, Readers } from '../readers/index.ts';
import { headers as names, RefusalError } from '../protocol/index.ts';
import { times } from '../protocol/internal.ts';
import { securityHeaders } from './reply.ts';
import type { StreamReply } from './reply.ts';
import type { Principal } from './principal.ts';

/** The headers of every stream. */
export const streamHeaders: Readonly<Record<string, string>> = {
  ...securityHeaders,
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store, no-transform',
  'x-accel-buffering': 'no',
  // RFC 9110 (section 8.4.1) has no use for it. But Caddy 2.6.2, the one of Debian, ignores `no-transform`.
  // Its `encode` holds a stream back whole if the first write has 512 bytes. The filters of nginx compress
  // each frame. Both leave a response alone that names a coding already.
  'content-encoding': 'identity',
};

/** An open stream and its principal. */
export interface HeldStream {
  readonly principal: Principal;
  end(why: 'expired'): void;
}

/** The streams of a server. Readers do not know their principals, so this keeps them. */
export interface Streams {
  /**
   * Describes a stream for a principal. `onOpen` is called after the first bytes are written. Throws
   * `draining` while the server shuts down.
   */
  describe(principal: Principal, options: ReaderOptions, onOpen?: () => void): StreamReply;
  /** Describes one stream that combines several and begins with `opening`. When one of them ends, all end. */
  describeTogether(streams: readonly StreamReply[], opening: string): StreamReply;
  /** Returns the open streams. */
  held(): Iterable<HeldStream>;
}

/** Creates the streams over the readers. A client learns their longest silence, in milliseconds. */
export function createStreams(readers: Readers, keepaliveMs: number, isClosing: () => boolean): Streams {
  const isUsual = keepaliveMs === times.keepaliveMs;
  const headers = { ...streamHeaders, ...(!isUsual && { [names.keepalive]: String(keepaliveMs) }) };
  const principals = new WeakMap<Reader, Principal>();
  return {
    describe(principal, options, onOpen) {
      if (isClosing()) throw new RefusalError('draining');
      return {
        type: 'stream',
        status: 200,
        headers,
        isLasting: options.scope === 'session',
        open: (sink) => {
          const reader = readers.start(options, sink);
          principals.set(reader, principal);
          onOpen?.();
          return toStop(reader);
        },
      };
    },
    describeTogether: (streams, opening) => ({
      type: 'stream',
      status: 200,
      headers,
      isLasting: true,
      open: (sink) =>
        openTogether(
          streams.map(({ open }) => open),
          opening,
          sink,
        ),
    }),
    *held() {
      for (const reader of readers.running) {
        const principal = principals.get(reader);
        if (principal !== undefined) yield { principal, end: (why) => reader.end(why) };
      }
    },
  };
}

/** Holds the reader alone. A function within `open` would hold all that the request was described with. */
function toStop(reader: Reader): Stop {
  return () => reader.end('gone');
}
