import type { Dialect, Projected, Projection, Scope } from '../dialects/index.ts';
import { follow } from '../log/index.ts';
import type { EventLog, Gone, Stop } from '../log/index.ts';
import { times, toSeq, toWireId } from '../protocol/index.ts';
import type { Entry, SessionState, StreamEvent, WireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import { securityHeaders } from './answer.ts';
import type { Sink, Streamed } from './answer.ts';
import type { Keepalive } from './keepalive.ts';

/** What streams of one server share. */
export interface StreamContext {
  readonly log: EventLog;
  readonly keepalive: Keepalive;
  /** The folded state of a session, for readers that cannot simply go on. */
  readonly state: (session: string) => Promise<SessionState | undefined>;
  /** The open streams: how to end each when the server shuts down. */
  readonly open: Set<(why: Why) => void>;
  /** How long a stream may live before it is ended for the client to come back, in milliseconds, ± 20 %. */
  readonly maxAgeMs: number;
}

/** Why a stream ends that is not over: the client went, the stream is old, the server shuts down. */
export type Why = 'gone' | 'aged' | 'draining';

export interface StreamOptions {
  readonly session: string;
  readonly dialect: Dialect;
  readonly scope: Scope;
  /** The last frame the client has. */
  readonly after: WireId | undefined;
  /** The entries a one-shot stream begins with: sent at once, so that a reconnect finds the session from its first frame on. */
  readonly opening?: readonly Entry[];
  /** Called when the first bytes are out. */
  readonly onOpen?: () => void;
}

/** Bytes a reader may leave untaken before it gets no more: it is behind then, and goes on from the log when it has taken them. */
const maxHeld = 64 * 1024;
/** A state up to this many UTF-16 units goes out in band; a longer one is left for the client to fetch. */
const maxStateText = 128 * 1024;

const headers = {
  ...securityHeaders,
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** Describes a stream of a session's entries in a dialect: what comes after `after`, then what comes. */
export function toStream(context: StreamContext, options: StreamOptions): Streamed {
  return { type: 'stream', status: 200, headers, open: (sink) => openStream(context, options, sink) };
}

function openStream(context: StreamContext, options: StreamOptions, sink: Sink): Stop {
  const { session, dialect, scope, opening = [], onOpen } = options;
  const ended = new AbortController();
  const encoder = new TextEncoder();
  let held = 0;
  const write = (text: string): void => {
    if (text === '') return;
    alive.touch();
    held = sink.write(encoder.encode(text));
  };
  const room = (): Promise<void> | undefined =>
    held > maxHeld ? new Promise((resolve) => sink.drained(resolve)) : undefined;

  const end = (why: Why): void => ended.abort(why);
  const alive = context.keepalive.add(() => write(encode({ comment: ' keepalive' })));
  // A one-shot stream ends by itself, and its simplest readers do not come back.
  const age = scope === 'turn' ? undefined : setTimeout(end, jitter(context.maxAgeMs), 'aged');
  context.open.add(end);

  // With jitter, so that those who were cut together do not come back together.
  write(encode({ retry: times.retryMs + Math.round(Math.random() * times.retryMs), comment: ' heddle' }));
  const projection = dialect.open({ scope });
  const begun = opening.at(-1);
  if (begun !== undefined) {
    const frames = opening
      .map((entry) => toText(entry, projection.project(entry), session, undefined))
      .join('');
    // A dialect that says nothing of them still names the session: a block with an id alone is kept and not dispatched.
    write(frames || encode({ id: toWireId(begun.id, undefined, session) }));
  }
  onOpen?.();

  void run(context, { ...options, projection, begun }, { write, room }, ended.signal)
    // The store is out of reach: cut, so that the client comes back and reads on.
    .catch(() => 'cut' as const)
    .then((how) => {
      alive.stop();
      clearTimeout(age);
      context.open.delete(end);
      if (ended.signal.reason !== 'gone') sink.close(how);
    });
  return () => end('gone');
}

/** A time ± 20 %. */
function jitter(ms: number): number {
  return Math.round(ms * (0.8 + Math.random() * 0.4));
}

interface Begun extends StreamOptions {
  readonly projection: Projection;
  /** The last entry that was sent at once. */
  readonly begun: Entry | undefined;
}

interface Writer {
  write(text: string): void;
  /** What to wait for before more is written; undefined where there is room. */
  room(): Promise<void> | undefined;
}

/** Follows the log until the stream is over; resolves with how to end the body. */
async function run(
  { log, state }: StreamContext,
  { session, dialect, scope, after, projection, begun }: Begun,
  { write, room }: Writer,
  ended: AbortSignal,
): Promise<'end' | 'cut'> {
  const announce = (event: StreamEvent): void => write(projection.announce(event).map(encode).join(''));
  const suffix = scope === 'turn' ? session : undefined;
  // A projection in mid-turn is rebuilt from the start: what the client has is projected again and not sent.
  const rebuild = after !== undefined && (scope === 'turn' || after.frame !== undefined);
  const has = rebuild ? after : undefined;
  let start = rebuild ? undefined : (after?.id ?? begun?.id);
  let gone = rebuild ? await findGone(log, session, after.id) : undefined;

  for (;;) {
    if (gone !== undefined) {
      const now = await state(session);
      if (now === undefined) return 'end';
      announce(toResync(gone, after, now));
      start = now.last;
      gone = undefined;
    }
    for await (const page of follow(log, session, { after: start, signal: ended })) {
      if (page.type === 'missing') return 'end';
      if (page.type === 'gone') {
        gone = page;
        break;
      }
      let text = '';
      for (const entry of page.entries) {
        text += toText(entry, projection.project(entry), suffix, has);
        if (text.length < maxHeld) continue;
        write(text);
        text = '';
        await room();
        if (ended.aborted) break;
      }
      write(text);
      if (projection.over) return 'end';
      await room();
    }
    if (gone === undefined) break;
  }
  if (ended.reason === 'draining') announce({ type: 'drain' });
  return dialect.onCut === 'destroy' && (await isDue(log, session)) ? 'cut' : 'end';
}

async function findGone(log: EventLog, session: string, id: string): Promise<Gone | undefined> {
  const page = await log.read(session, id, 1);
  return page.type === 'gone' ? page : undefined;
}

async function isDue(log: EventLog, session: string): Promise<boolean> {
  const page = await log.read(session, undefined, 0);
  return page.type === 'page' && page.head.due;
}

/** The frames of an entry that the client does not have, as text. The last one carries the bare id: then all of it was received. */
function toText(
  { id }: Entry,
  frames: readonly Projected[],
  session: string | undefined,
  has: WireId | undefined,
): string {
  const seq = toSeq(id);
  if (has !== undefined && (seq < has.seq || (seq === has.seq && has.frame === undefined))) return '';
  const from = has !== undefined && seq === has.seq ? (has.frame ?? 0) + 1 : 0;
  let text = '';
  for (let index = from; index < frames.length; index += 1) {
    const part = index === frames.length - 1 ? undefined : index;
    text += encode({ id: toWireId(id, part, session), ...frames[index] });
  }
  return text;
}

function toResync({ reason }: Gone, after: WireId | undefined, state: SessionState): StreamEvent {
  const fits = JSON.stringify(state).length <= maxStateText;
  return { type: 'resync', reason, ...(after && { from: after.id }), ...(fits && { state }) };
}
