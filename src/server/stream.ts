import type { Dialect, Scope } from '../dialects/index.ts';
import type { EventLog, Stop } from '../log/index.ts';
import { RefusalError, times, toWireId } from '../protocol/index.ts';
import type { Entry, SessionState, WireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import { securityHeaders } from './answer.ts';
import type { Sink, Streamed } from './answer.ts';
import type { Keepalive } from './keepalive.ts';
import { maxHeld, runStream } from './run-stream.ts';
import { toFrames } from './to-frames.ts';

/** What streams of one server share. */
export interface StreamContext {
  readonly log: EventLog;
  readonly keepalive: Keepalive;
  /** The folded state of a session, for readers that cannot simply go on. */
  readonly state: (session: string) => Promise<SessionState | undefined>;
  /** The open streams, to be ended when the server shuts down. */
  readonly open: Set<OpenStream>;
  /** Whether the server shuts down: no stream is opened any more. */
  readonly isClosing: () => boolean;
  /** How long a stream may live before it is ended for the client to come back, in milliseconds, ± 20 %. */
  readonly maxAgeMs: number;
}

/** A stream as the server sees it. */
export interface OpenStream {
  readonly session: string;
  end(why: Why): void;
}

/** Why a stream ends that is not over: the client went, the stream is old, the server shuts down. */
type Why = 'gone' | 'aged' | 'draining';

export interface StreamOptions {
  readonly session: string;
  readonly dialect: Dialect;
  readonly scope: Scope;
  /** The last frame the client has. */
  readonly after: WireId | undefined;
  /** Begins with the folded state instead of the entries it was made of. */
  readonly fromState?: boolean;
  /** The entries a one-shot stream begins with: sent at once, so that a reconnect finds the session from its first frame on. */
  readonly opening?: readonly Entry[];
  /** Called when the first bytes are out. */
  readonly onOpen?: () => void;
}

/** The headers of every stream. */
export const streamHeaders: Readonly<Record<string, string>> = {
  ...securityHeaders,
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** Describes a stream of a session's entries in a dialect: what there is after `after`, then what comes. Throws `draining` while the server shuts down. */
export function toStream(context: StreamContext, options: StreamOptions): Streamed {
  if (context.isClosing()) throw new RefusalError('draining');
  return {
    type: 'stream',
    status: 200,
    headers: streamHeaders,
    open: (sink) => openStream(context, options, sink),
  };
}

function openStream(context: StreamContext, options: StreamOptions, sink: Sink): Stop {
  const { session, dialect, scope, opening = [], onOpen } = options;
  const ended = new AbortController();
  const encoder = new TextEncoder();
  let isGone = false;
  let isStalled = false;
  let held = 0;
  const write = (text: string): void => {
    if (text === '' || isGone) return;
    alive.touch();
    held = sink.write(encoder.encode(text));
  };
  const room = async (): Promise<void> => {
    if (held <= maxHeld || ended.signal.aborted) return;
    isStalled = true;
    await drainedOrEnded(sink, ended.signal);
    isStalled = ended.signal.aborted;
  };

  const end = (why: Why): void => ended.abort(why);
  const stream: OpenStream = { session, end };
  const alive = context.keepalive.add(() => write(encode({ comment: ' keepalive' })));
  // A one-shot stream ends by itself, and its simplest readers do not come back.
  const age = scope === 'turn' ? undefined : setTimeout(end, jitter(context.maxAgeMs), 'aged');
  context.open.add(stream);
  const release = (): void => {
    alive.stop();
    clearTimeout(age);
    context.open.delete(stream);
  };

  // With jitter, so that those who were cut together do not come back together.
  write(encode({ retry: times.retryMs + Math.round(Math.random() * times.retryMs), comment: ' heddle' }));
  const projection = dialect.open({ scope });
  const begun = opening.at(-1);
  if (begun !== undefined) {
    const frames = opening
      .map((entry) => toFrames(entry, projection.project(entry), session, undefined))
      .join('');
    // A dialect that says nothing of them still names the session: a block with an id alone is kept and not dispatched.
    write(frames || encode({ id: toWireId(begun.id, undefined, session) }));
  }
  onOpen?.();

  void runStream(context, { ...options, projection, begun }, { write, room }, ended.signal)
    // The store is out of reach: cut, so that the client comes back and reads on.
    .catch(() => 'cut' as const)
    .then((how) => {
      release();
      // Who takes nothing any more does not take an end either.
      if (!isGone) sink.close(isStalled ? 'cut' : how);
    });
  return () => {
    isGone = true;
    release();
    end('gone');
  };
}

/** Waits until the bytes held were taken, or the stream is to end: a reader that stalls must not keep it open. */
function drainedOrEnded(sink: Sink, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      ended.removeEventListener('abort', done);
      resolve();
    };
    ended.addEventListener('abort', done);
    sink.drained(done);
  });
}

/** A time ± 20 %. */
function jitter(ms: number): number {
  return Math.round(ms * (0.8 + Math.random() * 0.4));
}
