import type { Dialect } from '../dialects/index.ts';
import type { Gone } from '../log/index.ts';
import { toSeq, toWireId } from '../protocol/index.ts';
import { times } from '../protocol/internal.ts';
import type { Entry, EntryId, WireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import { catchUp } from './catch-up.ts';
import type { Beginning, ReadingSource, ReadingStep } from './catch-up.ts';
import type { Channel, ChannelKey, ChannelMember, Channels } from './channel.ts';
import { toBodyEnd, toFarewell } from './farewell.ts';
import type { ReaderEnding } from './farewell.ts';
import { toFrames } from './frames.ts';
import type { Keepalive, KeptReader } from './keepalive.ts';
import { stepReader } from './reader-life.ts';
import type { Act, ReaderHappening, Phase } from './reader-life.ts';
import { maxHeld } from './sink.ts';
import type { Sink } from './sink.ts';

/** A running follow of one log for one connection. */
export interface Reader {
  readonly session: string;
  readonly dialect: Dialect;
  /** Ends the reader. It tells the client why, if the dialect has a frame for it. */
  end(why: ReaderEnding): void;
}

export interface ReaderOptions extends ChannelKey {
  /** The last frame that the client has. */
  readonly after?: WireId | undefined;
  /** Begins with the folded state instead of the entries that it was made of. */
  readonly fromState?: boolean;
  /**
   * The entries that a one-shot stream begins with. They are sent at once, so that a client that reconnects
   * knows the session from its first frame on.
   */
  readonly opening?: readonly Entry[];
}

/** The parts that the readers of a process share. */
export interface ReaderContext extends ReadingSource {
  readonly channels: Channels;
  readonly keepalive: Keepalive;
  readonly tally: Tally;
  /** The readers that run. */
  readonly running: Set<Reader>;
  /** How long a reader may live, in milliseconds ± 20 %. It then ends, and its client reconnects. */
  readonly maxAgeMs: number;
}

/** Counters since the start. */
interface Tally {
  keepalives: number;
  /** Readers that were cut because their sinks held too many bytes. */
  slow: number;
}

/**
 * Bytes that a sink may hold before its reader is cut. A sink gets less than this at a time, so only an entry
 * that is larger than clients accept reaches the limit.
 */
const budget = 1024 * 1024;
/** The comment that a silent reader sends. */
export const keepaliveComment: string = encode({ comment: ' keepalive' });

/** Starts a reader. The reader begins to write within this call. */
export function startReader(shared: ReaderContext, options: ReaderOptions, sink: Sink): Reader {
  const { write, read, reader } = createReader(shared, options, sink);
  // With jitter, so that clients that were cut together do not reconnect together.
  write(encode({ retry: times.retryMs + Math.round(Math.random() * times.retryMs), comment: ' heddle' }));
  read(options.opening === undefined ? options : begin(options, options.opening, write));
  return reader;
}

/** Sends the entries that a one-shot stream begins with. */
function begin(
  { session, dialect, scope, after }: ReaderOptions,
  opening: readonly Entry[],
  write: (text: string) => void,
): Beginning {
  const projection = dialect.open({ scope });
  const frames = opening.map((entry) => toFrames(entry, projection.project(entry), session, undefined));
  const begun = opening.at(-1)?.id;
  const text = frames.join('');
  // If the dialect has no frame for these entries, a block with only an id still names the session. Clients
  // keep such an id and dispatch no event.
  if (begun !== undefined) write(text || encode({ id: toWireId(begun, undefined, session) }));
  return { after, begun, projection };
}

interface ReaderHandle {
  readonly reader: Reader;
  write(text: string): void;
  read(from: Beginning): void;
}

/**
 * Creates a reader. It reads the log by itself until it reaches the end. From there on, it is a member of its
 * channel and takes what all members get (`take`). `reader-life.ts` decides its next step, and this function
 * performs it.
 */
function createReader(
  shared: ReaderContext,
  { session, dialect, scope }: ReaderOptions,
  sink: Sink,
): ReaderHandle {
  const { channels, keepalive, running, tally } = shared;
  const key = { session, dialect, scope };
  let phase: Phase = 'behind';
  /** The reason why the reader is to end. */
  let why: ReaderEnding | undefined;
  let channel: Channel | undefined;
  /** The last entry that the reader got as a member. */
  let last: EntryId | undefined;
  /** Wakes the reading that waits for room. */
  let onRoom: (() => void) | undefined;

  const happen = (happening: ReaderHappening, gone?: Gone['reason']): void => {
    if (happening === 'slow' && phase !== 'ended') tally.slow += 1;
    const [next, act] = stepReader(phase, happening);
    phase = next;
    reader.isBusy = phase === 'busy' || phase === 'owed';
    perform(act, gone);
  };

  const perform = (act: Act, gone: Gone['reason'] | undefined): void => {
    switch (act) {
      case 'nothing':
        return;
      case 'write-rest':
        return writeRest((text) => {
          // Some sinks report `drained` while they still hold bytes. If nothing was written, the reader does
          // not wait for them again.
          if (text !== '') waitUntilIdle();
        });
      case 'write-rest-and-end':
        return writeRest(() => happen('over'));
      case 'read':
        leaveChannel();
        return read({ after: last === undefined ? undefined : { id: last, seq: toSeq(last) }, gone });
      case 'wake':
        return onRoom?.();
      case 'catch-up':
        return void catchUpWithChannel();
      case 'say-farewell':
        return void sayFarewell();
      case 'end':
      case 'cut':
      case 'let-go':
        return finish(act);
    }
  };

  /** Writes text. Returns the bytes that the sink holds then, or 0 if nothing was written. */
  const write = (text: string): number => {
    if (text === '' || phase === 'ended') return 0;
    reader.spoke = keepalive.now;
    sink.write(text);
    const { held } = sink;
    if (held >= budget) happen('slow');
    return held;
  };
  const isFull = (): boolean => sink.held > maxHeld;
  const waitUntilIdle = (): void => {
    if (phase === 'ended' || sink.held === 0) return;
    happen('held');
    sink.drained(() => happen('drained'));
  };
  const writeRest = (then: (text: string) => void): void => {
    const text = channel?.since(last);
    if (channel === undefined || text === undefined) return happen('forgotten');
    ({ last } = channel);
    write(text);
    then(text);
  };
  const leaveChannel = (): void => {
    channel?.delete(reader);
    channel = undefined;
  };

  const catchUpWithChannel = async (): Promise<void> => {
    // The log may already hold the end of the turn that the reader waits for.
    if (why === 'draining') await channel?.caughtUp();
    happen('caught-up');
  };
  const sayFarewell = async (): Promise<void> => {
    const rest = channel?.since(last) ?? (channel === undefined ? '' : undefined);
    if (rest === undefined || isFull()) return happen('slow');
    write(rest);
    write(toFarewell(dialect.open({ scope }), why));
    leaveChannel();
    try {
      happen((await toBodyEnd(shared.log, key, why)) === 'end' ? 'over' : 'broken');
    } catch {
      happen('broken');
    }
  };
  const finish = (how: 'end' | 'cut' | 'let-go'): void => {
    why ??= 'gone';
    leaveChannel();
    keepalive.delete(reader);
    running.delete(reader);
    if (how !== 'let-go') sink.close(how);
  };

  /** Resolves when the sink has taken bytes or the client is gone, or when the reader is told to end. */
  const waitForRoom = (): Promise<void> =>
    new Promise((resolve) => {
      onRoom = resolve;
      sink.drained(resolve);
    });
  /**
   * Joins the channel if the channel still has the text after this place. If there is no channel and this
   * place is the end of the log, the reader opens one. Returns whether it joined.
   */
  const join = ({ place, isAtEnd }: ReadingStep & { type: 'place' }): boolean => {
    const found = channels.find(key) ?? (isAtEnd ? channels.open(key, place) : undefined);
    const text = found?.since(place.start);
    if (found === undefined || text === undefined) return false;
    channel = found;
    ({ last } = found);
    found.add(reader);
    happen('joined');
    write(text);
    waitUntilIdle();
    return true;
  };
  const isToLeave = (): boolean => why !== undefined && why !== 'draining';

  /**
   * Takes the steps of a reading. Resolves with how it ended: by itself, by a join, or because the reader was
   * told to end.
   */
  const follow = async (from: Beginning): Promise<'over' | 'joined' | 'told'> => {
    let places = 0;
    for await (const next of catchUp(shared, key, from)) {
      if (next.type === 'text') {
        // Other streams may write to this sink, so it is checked right before each write.
        while (isFull() && why === undefined) await waitForRoom();
        if (isToLeave()) return 'told';
        write(next.text);
        continue;
      }
      if (isToLeave()) return 'told';
      if (why === undefined && join(next)) return 'joined';
      // The channel is behind this reader, or the channel's last entry is no longer in the log. `caughtUp`
      // makes the channel read on, so the channel then learns this.
      if (why === undefined && next.isAtEnd) await channels.find(key)?.caughtUp();
      // While the server drains, the reader reads one more page: the end of the turn that it waits for may
      // stand there.
      if (why !== undefined && (places += 1) > 1) return 'told';
    }
    return 'over';
  };
  const read = (from: Beginning): void => {
    follow(from).then(
      (how) => {
        if (how === 'over') happen('over');
        if (how === 'told' && phase === 'behind') void sayFarewell();
      },
      // The store is out of reach. The body is cut, so that the client reconnects and reads on.
      () => happen('broken'),
    );
  };

  const reader: Reader & ChannelMember & KeptReader & { isBusy: boolean } = {
    session,
    dialect,
    isBusy: false,
    spoke: keepalive.now,
    // A one-shot stream ends by itself, and the simplest clients of one do not reconnect.
    oldAt: scope === 'turn' ? Infinity : keepalive.tickAfter(jitter(shared.maxAgeMs)),
    slot: 0,
    beat: () => {
      // Bytes on their way are a sign of life too.
      if (sink.held > 0) return;
      write(keepaliveComment);
      tally.keepalives += 1;
    },
    age: () => reader.end('aged'),

    take(piece) {
      if (phase !== 'live') return;
      // Other streams write to this sink, so it may be full.
      if (isFull()) return waitUntilIdle();
      ({ last } = piece);
      if (write(piece.text) > 0) waitUntilIdle();
    },

    leave(how) {
      if (how.type === 'end') happen('closed');
      else if (how.type === 'cut') happen('failed');
      // A busy member does not have the channel's last entry, so the reason `gone` does not apply to it.
      else happen('unsure', phase === 'live' ? how.gone : undefined);
    },

    end(reason) {
      if (reason === 'gone') return happen('gone');
      if (why !== undefined) return;
      why = reason;
      happen('told');
    },
  };
  running.add(reader);
  keepalive.add(reader);
  return { reader, write, read };
}

/** Returns a random time within ± 20 % of `ms`. */
function jitter(ms: number): number {
  return Math.round(ms * (0.8 + Math.random() * 0.4));
}
