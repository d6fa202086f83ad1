import type { Dialect, Scope } from '../dialects/index.ts';
import type { EventLog, Gone, Stop } from '../log/index.ts';
import { RefusalError, times, toSeq, toWireId } from '../protocol/index.ts';
import type { Entry, EntryId, SessionState, WireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import { securityHeaders } from './answer.ts';
import type { Sink, Streamed } from './answer.ts';
import { catchUp } from './catch-up.ts';
import type { Reading } from './catch-up.ts';
import type { Channel, Member } from './channel.ts';
import type { Channels } from './channels.ts';
import type { Tally } from './counts.ts';
import { toEnding, toFarewell } from './farewell.ts';
import type { Beating, Keepalive } from './keepalive.ts';
import type { Principal } from './principal.ts';
import { toFrames } from './to-frames.ts';

/** What streams of one server share. */
export interface StreamContext {
  readonly log: EventLog;
  readonly channels: Channels;
  readonly keepalive: Keepalive;
  readonly tally: Tally;
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
  /** Whom it is for. */
  readonly principal: Principal;
  readonly dialect: Dialect;
  end(why: Why): void;
}

/** Why a stream ends that is not over: the client went or was cut, the stream is old, its principal is no longer good, the server shuts down. */
export type Why = 'gone' | 'aged' | 'expired' | 'draining';

export interface StreamOptions {
  readonly session: string;
  readonly principal: Principal;
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

/** Bytes a reader may leave untaken before it gets no more: it is behind then, and goes on from the log when it has taken them. */
export const maxHeld: number = 64 * 1024;
/** Bytes at which a reader is cut. What it is given at a time stays below; only entries beyond what clients accept come here. */
const budget = 1024 * 1024;

/** The headers of every stream. */
export const streamHeaders: Readonly<Record<string, string>> = {
  ...securityHeaders,
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store, no-transform',
  'x-accel-buffering': 'no',
};
/** What a silent stream says. */
export const keepaliveComment: string = encode({ comment: ' keepalive' });

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
  const { opening, onOpen } = options;
  const stream = createStream(context, options, sink);
  // With jitter, so that those who were cut together do not come back together.
  stream.write(
    encode({ retry: times.retryMs + Math.round(Math.random() * times.retryMs), comment: ' heddle' }),
  );
  const reading = opening === undefined ? options : begin(options, opening, stream.write);
  onOpen?.();
  stream.read(reading);
  return () => stream.end('gone');
}

/** Sends the entries a one-shot stream begins with. */
function begin(options: StreamOptions, opening: readonly Entry[], write: (text: string) => unknown): Reading {
  const { session, dialect, scope, after } = options;
  const projection = dialect.open({ scope });
  const frames = opening.map((entry) => toFrames(entry, projection.project(entry), session, undefined));
  const begun = opening.at(-1)?.id;
  const text = frames.join('');
  // A dialect that says nothing of them still names the session: a block with an id alone is kept and not dispatched.
  if (begun !== undefined) write(text || encode({ id: toWireId(begun, undefined, session) }));
  return { after, begun, projection };
}

interface Stream extends OpenStream, Member, Beating {
  isBusy: boolean;
  /** Writes at once, and answers how many bytes the sink holds then. */
  write(text: string): number;
  /** Reads the log until it has come to the live tail, from where it is a member of the channel. */
  read(from: Reading): void;
}

/**
 * A stream reads the log for itself until it has come to its end (`read`); from there on it is a member of its channel and gets what all others get
 * (`take`). Its sink is written to while it is idle. While it is busy, what comes gathers in the channel; when that is too much, the stream reads again.
 */
function createStream(
  context: StreamContext,
  { session, principal, dialect, scope }: Pick<StreamOptions, 'session' | 'principal' | 'dialect' | 'scope'>,
  sink: Sink,
): Stream {
  const { keepalive, open, tally } = context;
  let channel: Channel | undefined;
  /** The last entry it was given as a member. */
  let last: EntryId | undefined;
  let isDone = false;
  let why: Why | undefined;
  /** Wakes the reading that waits for room. */
  let onRoom: (() => void) | undefined;
  /** The channel is no more, and the rest of it is owed. */
  let isOwedRest = false;

  const finish = (how: 'end' | 'cut' | 'gone'): void => {
    if (isDone) return;
    isDone = true;
    why ??= 'gone';
    channel?.delete(stream);
    channel = undefined;
    keepalive.delete(stream);
    open.delete(stream);
    onRoom?.();
    // Who takes nothing any more does not take an end either.
    if (how !== 'gone') sink.close(how);
  };

  const cutSlow = (): void => {
    if (!isDone) tally.slowReaders += 1;
    finish('cut');
  };

  const isFull = (): boolean => sink.held > maxHeld;
  const waitUntilIdle = (): void => {
    stream.isBusy = sink.held > 0;
    if (stream.isBusy) sink.drained(goOn);
  };
  /** The sink has taken what it held: it gets what has gathered meanwhile. */
  const goOn = (): void => {
    if (channel === undefined || !stream.isBusy) return;
    stream.isBusy = false;
    const text = channel.since(last);
    if (text === undefined) return readAgain();
    ({ last } = channel);
    stream.write(text);
    if (isOwedRest) finish('end');
    else if (text !== '' && !isDone) waitUntilIdle();
  };
  const readAgain = (gone?: Gone['reason']): void => {
    channel?.delete(stream);
    channel = undefined;
    stream.isBusy = false;
    const after = last === undefined ? undefined : { id: last, seq: toSeq(last) };
    stream.read({ after, ...(gone && { gone }) });
  };

  /** Ends a member before its time. */
  const sayGoodbye = async (): Promise<void> => {
    if (why === 'draining') await channel?.caughtUp();
    // The last frame has come, or its reading has to tell it.
    if (isDone || channel === undefined) return;
    const rest = channel.since(last);
    if (rest === undefined || sink.held > maxHeld) return cutSlow();
    stream.write(rest);
    stream.write(toFarewell(dialect.open({ scope }), why));
    // A sink that drains meanwhile has nothing more to ask for.
    channel.delete(stream);
    channel = undefined;
    finish(await toEnding(context.log, { session, dialect }, why));
  };

  const stream: Stream = {
    session,
    principal,
    dialect,
    isBusy: false,
    spoke: keepalive.now,
    // A one-shot stream ends by itself, and its simplest readers do not come back.
    oldAt: scope === 'turn' ? Infinity : keepalive.tickAfter(jitter(context.maxAgeMs)),
    slot: 0,
    beat: () => {
      // Bytes on their way say as much.
      if (sink.held > 0) return;
      stream.write(keepaliveComment);
      tally.keepalives += 1;
    },
    age: () => stream.end('aged'),

    write(text) {
      if (text === '' || isDone) return 0;
      stream.spoke = keepalive.now;
      sink.write(text);
      const { held } = sink;
      if (held >= budget) cutSlow();
      return held;
    },

    read(from) {
      const reader = {
        session,
        dialect,
        scope,
        write: stream.write,
        isFull,
        room: async () => {
          if (!isFull() || why !== undefined) return;
          stream.isBusy = true;
          await new Promise<void>((resolve) => {
            onRoom = resolve;
            sink.drained(resolve);
          });
          onRoom = undefined;
          stream.isBusy = why !== undefined;
        },
        why: () => why,
        join: (joined: Channel, text: string) => {
          channel = joined;
          last = joined.last;
          joined.add(stream);
          stream.write(text);
          if (!isDone) waitUntilIdle();
        },
      };
      // The store is out of reach: cut, so that the client comes back and reads on.
      void catchUp(context, reader, from)
        .catch(() => 'cut' as const)
        .then((how) => how && (stream.isBusy ? cutSlow() : finish(how)));
    },

    take(piece) {
      if (stream.isBusy) return;
      // Others write to this sink.
      if (isFull()) return waitUntilIdle();
      ({ last } = piece);
      if (stream.write(piece.text) > 0 && !isDone) waitUntilIdle();
    },

    leave(how, gone) {
      if (how === 'read') return readAgain(stream.isBusy ? undefined : gone);
      if (how === 'end' && stream.isBusy) isOwedRest = true;
      else finish(how);
    },

    end(reason) {
      if (isDone || why !== undefined) return reason === 'gone' ? finish('gone') : undefined;
      why = reason;
      if (reason === 'gone') finish('gone');
      else if (channel === undefined) onRoom?.();
      else void sayGoodbye().catch(() => finish('cut'));
    },
  };
  open.add(stream);
  keepalive.add(stream);
  return stream;
}

/** A time ± 20 %. */
function jitter(ms: number): number {
  return Math.round(ms * (0.8 + Math.random() * 0.4));
}
