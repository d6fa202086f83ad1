import type { Projected, Projection } from '../dialects/index.ts';
import { giveWay } from '../log/index.ts';
import type { EventLog } from '../log/index.ts';
import { toSeq, toWireId } from '../protocol/index.ts';
import type { Entry, EntryId, ResyncReason, SessionState, StreamEvent, WireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import type { Channel } from './channel.ts';
import type { ChannelKey } from './channels.ts';
import { toEnding, toFarewell } from './farewell.ts';
import type { StreamContext, Why } from './stream.ts';
import { toFrames } from './to-frames.ts';

/** Where a reading begins. */
export interface Reading {
  /** The last frame the client has. */
  readonly after?: WireId | undefined;
  /** Begins with the folded state instead of the entries it was made of. */
  readonly fromState?: boolean;
  /** Why nothing can come after that, where this is known. */
  readonly gone?: ResyncReason;
  /** The last of the entries that were sent at once, and what has projected them. */
  readonly begun?: EntryId | undefined;
  readonly projection?: Projection;
}

/** Who reads. */
export interface Reader extends ChannelKey {
  write(text: string): void;
  /** Whether the sink holds as much as it may. Others may write to it, too: it is asked right before each write. */
  isFull(): boolean;
  /** Resolves when there may be room for more, or the stream is to end. */
  room(): Promise<void>;
  /** Why the stream is to end. */
  why(): Why | undefined;
  /** Goes on as a member of a channel, whose entries after the reader's own are `text`. */
  join(channel: Channel, text: string): void;
}

/** Entries read at a time. */
const pageSize = 256;
/** UTF-16 units written at a time. */
const pieceSize = 64 * 1024;
/** A state up to this many UTF-16 units goes out in band; a longer one is left for the client to fetch. */
const maxStateText = 128 * 1024;

/** Reads the log for one reader until it can join its channel, or the stream is over; resolves then with how to end the body. */
export async function catchUp(
  { log, state, channels }: StreamContext,
  reader: Reader,
  { after, gone, fromState, begun, projection: first }: Reading,
): Promise<'end' | 'cut' | undefined> {
  const { session, dialect, scope } = reader;
  let projection = first ?? dialect.open({ scope });
  const announce = (event: StreamEvent): void =>
    reader.write(projection.announce(event).map(encode).join(''));
  const suffix = scope === 'turn' ? session : undefined;
  // A projection in mid-turn is rebuilt from the start: what the client has is projected again and not sent.
  const rebuild = after !== undefined && (scope === 'turn' || after.frame !== undefined);
  let has = rebuild ? after : undefined;
  /** The last entry that was read. */
  let place = rebuild ? undefined : (after?.id ?? begun);
  /** The last entry the client has all of, or said it has. */
  let reached = after?.id ?? begun;
  let isAtEnd = false;
  let resync = gone ?? (fromState && after === undefined ? 'requested' : undefined);
  if (rebuild) resync ??= await findGone(log, session, after.id);

  /** `atOnce`: the stream is to end, and nothing is waited for. */
  const send = async (entries: readonly Entry[], atOnce = false): Promise<void> => {
    let text = '';
    for (const [index, entry] of entries.entries()) {
      text += toFrames(entry, projection.project(entry), suffix, has);
      if (text.length < pieceSize && index < entries.length - 1) continue;
      while (reader.isFull() && reader.why() === undefined) await reader.room();
      if (reader.why() !== undefined && !atOnce) return;
      reader.write(text);
      text = '';
      if (has === undefined || toSeq(entry.id) >= has.seq) reached = entry.id;
    }
  };
  /** Joins where the channel goes on from here; without a channel, the one who is at the end opens it. */
  const join = async (): Promise<boolean> => {
    // What the client has is not all read again yet.
    if (has !== undefined && (place === undefined || toSeq(place) < has.seq)) return false;
    const found = channels.find(reader);
    const channel =
      found ?? (isAtEnd ? channels.open(reader, { suffix, start: place, projection }) : undefined);
    const text = channel?.since(place);
    if (channel !== undefined && text !== undefined) {
      reader.join(channel, text);
      return true;
    }
    // It is behind this reader, or stands on what is not in the log any more: it finds out.
    if (isAtEnd) await channel?.caughtUp();
    return false;
  };

  for (;;) {
    await reader.room();
    if (reader.why() !== undefined) break;
    if (resync !== undefined) {
      const now = await state(session);
      if (now === undefined) return 'end';
      announce(toResync(resync, reached, now));
      reached = now.last;
      projection = dialect.open({ scope, state: now });
      // With an id, so that who comes back is told that there is no more.
      if (projection.over) reader.write(toLastFrames(projection.announce({ type: 'end' }), now, suffix));
      if (projection.over) return 'end';
      place = now.last;
      // From here on all is new to the client, also where a store that lost writes counts the same numbers again.
      has = undefined;
      resync = undefined;
      continue;
    }
    if (await join()) return undefined;
    if (reader.why() !== undefined) break;

    const page = await log.read(session, place, pageSize);
    if (reader.why() !== undefined) break;
    if (page.type === 'missing') return 'end';
    if (page.type === 'gone') {
      resync = page.reason;
      isAtEnd = false;
      continue;
    }
    const { entries, base } = page;
    isAtEnd = page.end === true || (entries.length === 0 && base === undefined);
    if (base !== undefined) {
      projection = dialect.open({ scope, state: base });
      if (has === undefined) announce(toResync('trimmed', reached, base));
    }
    await send(entries);
    place = entries.at(-1)?.id ?? base?.last ?? place;
    reached = base?.last ?? reached;
    if (projection.over) return 'end';
    const turn = isAtEnd ? undefined : giveWay();
    if (turn !== undefined) await turn;
  }
  if (reader.why() === 'gone') return undefined;
  if (reader.why() === 'draining') {
    // The end of a turn that was waited for may not have been read yet.
    const page = await log.read(session, reached, pageSize);
    if (page.type === 'page' && page.base === undefined && has === undefined) await send(page.entries, true);
    if (projection.over) return 'end';
  }
  reader.write(toFarewell(projection, reader.why()));
  return toEnding(log, reader, reader.why());
}

async function findGone(log: EventLog, session: string, id: string): Promise<ResyncReason | undefined> {
  const page = await log.read(session, id, 1);
  return page.type === 'gone' ? page.reason : undefined;
}

function toResync(reason: ResyncReason, from: EntryId | undefined, state: SessionState): StreamEvent {
  const fits = JSON.stringify(state).length <= maxStateText;
  return { type: 'resync', reason, ...(from !== undefined && { from }), ...(fits && { state }) };
}

function toLastFrames(
  frames: readonly Projected[],
  state: SessionState,
  session: string | undefined,
): string {
  const id = state.last === undefined ? undefined : toWireId(state.last, undefined, session);
  return frames.map((frame) => encode({ ...(id !== undefined && { id }), ...frame })).join('');
}
