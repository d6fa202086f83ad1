import type { Dialect, Scope } from '../dialects/index.ts';
import type { Gone } from '../log/index.ts';
import { toSeq } from '../protocol/index.ts';
import { times } from '../protocol/internal.ts';
import type { EntryId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import { catchUp } from './catch-up.ts';
import type { Beginning, ReadingSource, ReadingStep } from './catch-up.ts';
import type { Channel, ChannelMember, Channels } from './channel.ts';
import type { ChannelKey } from './channel-key.ts';
import { isCutEarly, toBodyEnd, toFarewell } from './farewell.ts';
import type { ReaderEnding } from './farewell.ts';
import type { Keepalive, KeptReader } from './keepalive.ts';
import { toOpening } from './opening.ts';
import { stepReader } from './reader-life.ts';
import type { Act, ReaderHappening, Phase } from './reader-life.ts';
import type { ReaderOptions } from './reader-options.ts';
import { maxHeld } from './sink.ts';
import type { Sink } from './sink.ts';
import type { Piece } from './tail.ts';

/** A running follow of one log for one connection. */
export interface Reader {
  readonly session: string;
  readonly dialect: Dialect;
  /** Ends the reader. It tells the client why, if the dialect has a frame for it. */
  end(why: ReaderEnding): void;
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
  const opening = toOpening(options);
  const reader = new LogReader(shared, options, sink);
  shared.running.add(reader);
  shared.keepalive.add(reader);
  // With jitter, so that clients that were cut together do not reconnect together.
  const retry = times.retryMs + Math.round(Math.random() * times.retryMs);
  reader.write(encode({ comment: ' heddle', retry: options.dialect.plain ? undefined : retry }));
  if (opening !== undefined) reader.write(opening.text);
  reader.read(opening?.from ?? options);
  return reader;
}

/**
 * A reader reads the log by itself until it reaches the end. From there on, it is a member of its channel and
 * takes what all members get (`take`). `reader-life.ts` decides its next step, and this class performs it.
 *
 * It is a class because most readers are idle, and there are many of them: functions of its own would take
 * six times the memory.
 */
class LogReader implements Reader, ChannelKey, ChannelMember, KeptReader {
  readonly session: string;
  readonly dialect: Dialect;
  readonly scope: Scope;
  readonly oldAt: number;
  spoke: number;
  slot = 0;
  readonly #shared: ReaderContext;
  readonly #sink: Sink;
  #phase: Phase = 'behind';
  /** The reason why the reader is to end. */
  #why: ReaderEnding | undefined;
  #channel: Channel | undefined;
  /** The last entry that the reader got as a member. */
  #last: EntryId | undefined;
  /** How many frames the client counted before this stream. */
  readonly #skip: number | undefined;
  /** Wakes the reading that waits for room. */
  #onRoom: (() => void) | undefined;

  constructor(shared: ReaderContext, { session, dialect, scope, skip }: ReaderOptions, sink: Sink) {
    const { keepalive, maxAgeMs } = shared;
    this.session = session;
    this.dialect = dialect;
    this.scope = scope;
    // A stream of a turn ends by itself, and the simplest clients of one do not reconnect.
    this.oldAt = scope === 'session' ? keepalive.tickAfter(jitter(maxAgeMs)) : Infinity;
    this.#skip = skip;
    this.spoke = keepalive.now;
    this.#shared = shared;
    this.#sink = sink;
  }

  get isBusy(): boolean {
    return this.#phase === 'busy' || this.#phase === 'owed';
  }

  /**
   * Writes text, and cuts a sink that then holds more than the limit. Returns the bytes that the sink holds
   * then, or 0 if nothing was written.
   */
  write(text: string, limit = this.#limit): number {
    if (text === '' || this.#phase === 'ended') return 0;
    this.spoke = this.#shared.keepalive.now;
    this.#sink.write(text);
    const { held } = this.#sink;
    if (held >= limit) this.#happen('slow');
    return held;
  }

  read(from: Beginning): void {
    this.#follow(from).then(
      (how) => {
        if (how === 'over' || how === 'broken') this.#happen(how);
        if (how === 'told' && this.#phase === 'behind') void this.#sayFarewell();
      },
      // The store is out of reach. The body is cut, so that the client reconnects and reads on.
      () => this.#happen('broken'),
    );
  }

  end(reason: ReaderEnding): void {
    if (reason === 'gone') return this.#happen('gone');
    if (this.#why !== undefined) return;
    this.#why = reason;
    this.#happen('told');
  }

  beat(): void {
    // Bytes on their way are a sign of life too.
    if (this.#sink.held > 0) return;
    this.write(keepaliveComment);
    this.#shared.tally.keepalives += 1;
  }

  age(): void {
    this.end('aged');
  }

  take(piece: Piece): void {
    if (this.#phase !== 'live') return;
    // Other streams write to this sink, so it may be full.
    if (this.#isFull()) return this.#waitUntilIdle();
    this.#last = piece.last;
    if (this.write(piece.text) > 0) this.#waitUntilIdle();
  }

  leave(how: Parameters<ChannelMember['leave']>[0]): void {
    if (how.type === 'over') this.#happen('closed');
    else if (how.type === 'missing') this.#happen(isCutEarly(this) ? 'failed' : 'closed');
    else if (how.type === 'cut') this.#happen('failed');
    // A busy member does not have the channel's last entry, so the reason `gone` does not apply to it.
    else this.#happen('unsure', this.#phase === 'live' ? how.gone : undefined);
  }

  #happen(happening: ReaderHappening, gone?: Gone['reason']): void {
    if (happening === 'slow' && this.#phase !== 'ended') this.#shared.tally.slow += 1;
    const [next, act] = stepReader(this.#phase, happening);
    this.#phase = next;
    this.#perform(act, gone);
  }

  #perform(act: Act, gone: Gone['reason'] | undefined): void {
    switch (act) {
      case 'nothing':
        return;
      case 'write-rest': {
        // Some sinks report `drained` while they still hold bytes. If nothing was written, the reader does
        // not wait for them again.
        const text = this.#writeRest();
        return text ? this.#waitUntilIdle() : undefined;
      }
      case 'write-rest-and-end':
        return this.#writeRest() === undefined ? undefined : this.#happen('over');
      case 'read': {
        this.#leaveChannel();
        const last = this.#last;
        const after = last === undefined ? undefined : { id: last, seq: toSeq(last) };
        return this.read({ after, skip: this.#skip, gone });
      }
      case 'wake':
        return this.#onRoom?.();
      case 'catch-up':
        return void this.#catchUpWithChannel();
      case 'say-farewell':
        return void this.#sayFarewell();
      case 'end':
      case 'cut':
      case 'let-go':
        return this.#finish(act);
    }
  }

  /**
   * An exchange may end with one frame that has the whole answer. Its clients take frames of any length, and
   * one that is cut there would be cut there again each time.
   */
  get #limit(): number {
    return typeof this.scope === 'object' ? Infinity : budget;
  }

  #isFull(): boolean {
    return this.#sink.held > maxHeld;
  }

  #waitUntilIdle(): void {
    if (this.#phase === 'ended' || this.#sink.held === 0) return;
    this.#happen('held');
    this.#sink.drained(() => this.#happen('drained'));
  }

  /** Writes what gathered in the channel, and returns it; undefined if the channel no longer keeps it. */
  #writeRest(): string | undefined {
    const text = this.#channel?.since(this.#last);
    if (this.#channel === undefined || text === undefined) {
      this.#happen('forgotten');
      return undefined;
    }
    this.#last = this.#channel.last;
    this.write(text);
    return text;
  }

  #leaveChannel(): void {
    this.#channel?.delete(this);
    this.#channel = undefined;
  }

  async #catchUpWithChannel(): Promise<void> {
    // The log may already hold the end of the turn that the reader waits for.
    if (this.#why === 'draining') await this.#channel?.caughtUp();
    this.#happen('caught-up');
  }

  async #sayFarewell(): Promise<void> {
    const rest = this.#channel === undefined ? '' : this.#channel.since(this.#last);
    if (rest === undefined || this.#isFull()) return this.#happen('slow');
    this.write(rest);
    this.write(toFarewell(this.dialect.open({ scope: this.scope }), this.#why));
    this.#leaveChannel();
    try {
      const how = await toBodyEnd(this.#shared.log, this, this.#why);
      this.#happen(how === 'end' ? 'over' : 'broken');
    } catch {
      this.#happen('broken');
    }
  }

  #finish(how: 'end' | 'cut' | 'let-go'): void {
    this.#why ??= 'gone';
    this.#leaveChannel();
    this.#shared.keepalive.delete(this);
    this.#shared.running.delete(this);
    if (how !== 'let-go') this.#sink.close(how);
  }

  /** Resolves when the sink has taken bytes or the client is gone, or when the reader is told to end. */
  #waitForRoom(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRoom = resolve;
      this.#sink.drained(resolve);
    });
  }

  /**
   * Joins the channel if the channel still has the text after this place. If there is no channel and this
   * place is the end of the log, the reader opens one. Returns whether it joined.
   */
  #join({ place, isAtEnd }: ReadingStep & { type: 'place' }): boolean {
    const { channels } = this.#shared;
    const shared = place.has === undefined ? channels.find(this) : undefined;
    const found = shared ?? (isAtEnd ? channels.open(this, place) : undefined);
    const text = found?.since(place.start);
    if (found === undefined || text === undefined) return false;
    this.#channel = found;
    this.#last = found.last;
    found.add(this);
    this.#happen('joined');
    this.write(text);
    this.#waitUntilIdle();
    return true;
  }

  #isToLeave(): boolean {
    return this.#why !== undefined && this.#why !== 'draining';
  }

  /**
   * Takes the steps of a reading. Resolves with how it ended: by itself, by itself although the stream is not
   * over, by a join, or because the reader was told to end.
   */
  async #follow(from: Beginning): Promise<'over' | 'broken' | 'joined' | 'told'> {
    let places = 0;
    for await (const next of catchUp(this.#shared, this, from)) {
      if (next.type === 'text') {
        // Other streams may write to this sink, so it is checked right before each write.
        while (this.#isFull() && this.#why === undefined) await this.#waitForRoom();
        if (this.#isToLeave()) return 'told';
        this.write(next.text, next.isLong ? Infinity : this.#limit);
        continue;
      }
      if (next.type === 'missing') return isCutEarly(this) ? 'broken' : 'over';
      if (this.#isToLeave()) return 'told';
      if (this.#why === undefined && this.#join(next)) return 'joined';
      // The channel is behind this reader, or the channel's last entry is no longer in the log. `caughtUp`
      // makes the channel read on, so the channel then learns this.
      if (this.#why === undefined && next.isAtEnd) await this.#shared.channels.find(this)?.caughtUp();
      // While the server drains, the reader reads one more page: the end of the turn that it waits for may
      // stand there.
      if (this.#why !== undefined && (places += 1) > 1) return 'told';
    }
    return 'over';
  }
}

/** Returns a random time within ± 20 % of `ms`. */
function jitter(ms: number): number {
  return Math.round(ms * (0.8 + Math.random() * 0.4));
}
