import type { Projection } from '../dialects/index.ts';
import { giveWay } from '../log/internal.ts';
import type { EventLog } from '../log/index.ts';
import { toSeq, toWireId } from '../protocol/index.ts';
import type { EntryId, ResyncReason, SessionState, StreamEvent, WireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import type { ChannelKey, ChannelStart } from './channel.ts';
import { toPieces } from './frames.ts';

/** The position in the log where a reading begins. */
export interface Beginning {
  /** The last frame that the client has. */
  readonly after?: WireId | undefined;
  /** Begins with the folded state instead of the entries that it was made of. */
  readonly fromState?: boolean;
  /** The reason why the log cannot go on from `after`, if it is known. */
  readonly gone?: ResyncReason | undefined;
  /** The last of the entries that were sent already, and the projection that projected them. */
  readonly begun?: EntryId | undefined;
  readonly projection?: Projection;
}

/** The next step of a reading. */
export type ReadingStep =
  /** Text to write. It may be empty. */
  | { readonly type: 'text'; readonly text: string }
  /**
   * A place in the log where a channel can go on. `isAtEnd`: when the place was read, no entry came after it.
   */
  | { readonly type: 'place'; readonly place: ChannelStart; readonly isAtEnd: boolean };

/** The log, and the folded state of a session for readers that cannot simply go on. */
export interface ReadingSource {
  readonly log: EventLog;
  /**
   * Reads the whole state if it has about `size` characters at most, else the state with its last messages.
   */
  readonly state: (session: string, size: number) => Promise<SessionState | undefined>;
}

/** Entries per read. */
const pageSize = 256;
/** The longest state that is sent in the stream, in UTF-16 units. The client fetches a longer one. */
const maxStateText = 128 * 1024;

/**
 * Reads the log for one reader, from the position of its client. The reader takes a step when it has room for
 * it, and stops when it joins a channel. The reading returns when nothing more can come: the dialect has sent
 * its last frame, or the session was deleted.
 */
export async function* catchUp(
  { log, state }: ReadingSource,
  { session, dialect, scope }: ChannelKey,
  { after, gone, fromState, begun, projection: first }: Beginning,
): AsyncGenerator<ReadingStep, void, undefined> {
  const suffix = scope === 'turn' ? session : undefined;
  let projection = first ?? dialect.open({ scope });
  // The projection is rebuilt from the start of the log for a one-shot stream, and for a client that has only
  // some frames of an entry. Entries that the client has are projected again, but not sent.
  const isRebuilt = after !== undefined && (scope === 'turn' || after.frame !== undefined);
  let has = isRebuilt ? after : undefined;
  /** The last entry that was read. */
  let place = isRebuilt ? undefined : (after?.id ?? begun);
  /** The last entry that the client has in full, or that it named in its request. */
  let reached = after?.id ?? begun;
  let isAtEnd = false;
  let resync = gone ?? (fromState && after === undefined ? 'requested' : undefined);
  if (isRebuilt) resync ??= await findGone(log, session, after.id);

  const toText = (event: StreamEvent): ReadingStep => ({
    type: 'text',
    text: projection.announce(event).map(encode).join(''),
  });

  for (;;) {
    if (resync !== undefined) {
      const now = await state(session, maxStateText);
      if (now === undefined) return;
      yield toText(toResync(resync, reached, now));
      projection = dialect.open({ scope, state: now });
      if (projection.over) {
        // The frames carry an id. A client that comes back with this id learns that the stream is over.
        yield { type: 'text', text: toLastFrames(projection, now, suffix) };
        return;
      }
      reached = now.last;
      place = now.last;
      // From here on, every entry is new to the client. This also holds when a store lost writes and uses the
      // same seq numbers again.
      has = undefined;
      resync = undefined;
    }
    // Until the reading reaches the client's last entry, the reader cannot join a channel: the channel would
    // send entries that the client has.
    const isBehindClient = has !== undefined && (place === undefined || toSeq(place) < has.seq);
    if (!isBehindClient) yield { type: 'place', place: { suffix, start: place, projection }, isAtEnd };

    const page = await log.read(session, place, pageSize);
    if (page.type === 'missing') return;
    if (page.type === 'gone' || isAhead(page.base, has)) {
      resync = page.type === 'gone' ? page.reason : 'trimmed';
      isAtEnd = false;
      continue;
    }
    const { entries, base } = page;
    isAtEnd = page.end === true || (entries.length === 0 && base === undefined);
    if (base !== undefined) {
      projection = dialect.open({ scope, state: base });
      if (has === undefined) {
        yield toText(toResync('trimmed', reached, base));
        reached = base.last ?? reached;
      }
    }
    for (const { text, last } of toPieces(entries, { before: place, projection, suffix, has })) {
      yield { type: 'text', text };
      if (has === undefined || (last !== undefined && toSeq(last) >= has.seq)) reached = last;
    }
    place = entries.at(-1)?.id ?? base?.last ?? place;
    if (projection.over) return;
    const turn = isAtEnd ? undefined : giveWay();
    if (turn !== undefined) await turn;
  }
}

async function findGone(log: EventLog, session: string, id: string): Promise<ResyncReason | undefined> {
  const page = await log.read(session, id, 1);
  return page.type === 'gone' ? page.reason : undefined;
}

/**
 * Returns whether a state replaces frames that the client does not have. The log was then trimmed while the
 * client came back, or up to an entry of which it has only some frames.
 */
function isAhead(state: SessionState | undefined, has: WireId | undefined): boolean {
  if (state?.last === undefined || has === undefined) return false;
  const seq = toSeq(state.last);
  return seq > has.seq || (seq === has.seq && has.frame !== undefined);
}

function toResync(reason: ResyncReason, from: EntryId | undefined, state: SessionState): StreamEvent {
  const fits = !state.earlier && JSON.stringify(state).length <= maxStateText;
  return { type: 'resync', reason, ...(from !== undefined && { from }), ...(fits && { state }) };
}

function toLastFrames(projection: Projection, state: SessionState, session: string | undefined): string {
  const id = state.last === undefined ? undefined : toWireId(state.last, undefined, session);
  const frames = projection.announce({ type: 'end' });
  return frames.map((frame) => encode({ ...(id !== undefined && { id }), ...frame })).join('');
}
