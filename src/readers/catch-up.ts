import type { Preface, Projection } from '../dialects/index.ts';
import { giveWay } from '../log/internal.ts';
import type { EventLog } from '../log/index.ts';
import type { EntryId, ResyncReason, SessionState, StreamEvent } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import type { ChannelStart } from './channel.ts';
import type { ChannelKey } from './channel-key.ts';
import { createClientFrames } from './client-frames.ts';
import type { ClientFrames, ClientPlace } from './client-frames.ts';
import { toIdForm, toPieces } from './frames.ts';
import { maxStateText, toLastFrames, toResync } from './resync.ts';

/** The position in the log where a reading begins. */
export interface Beginning extends ClientPlace {
  /** Frames that come first. They carry no ids. */
  readonly preface?: Preface | undefined;
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
  /**
   * Text to write. It may be empty. `isLong`: it may be as long as a whole conversation, so its length alone
   * does not make the reader slow.
   */
  | { readonly type: 'text'; readonly text: string; readonly isLong?: true }
  /**
   * A place in the log where a channel can go on. `isAtEnd`: when the place was read, no entry came after it.
   */
  | { readonly type: 'place'; readonly place: ChannelStart; readonly isAtEnd: boolean }
  /** The session was deleted. No step follows. */
  | { readonly type: 'missing' };

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

/**
 * Reads the log for one reader, from the position of its client. The reader takes a step when it has room for
 * it, and stops when it joins a channel. The reading returns when nothing more can come: the dialect has sent
 * its last frame, the session was deleted, or entries of an exchange are forgotten.
 */
export async function* catchUp(
  { log, state }: ReadingSource,
  key: ChannelKey,
  { after, skip, preface, fromState, gone, begun, projection: first }: Beginning,
): AsyncGenerator<ReadingStep, void, undefined> {
  for (const frame of preface?.frames ?? []) yield { type: 'text', text: encode(frame), isLong: true };
  if (preface?.ends) return;

  const { session, dialect, scope } = key;
  const exchange = typeof scope === 'object' ? scope : undefined;
  const ids = toIdForm(key);
  let projection = first ?? dialect.open({ scope });
  // The projection is rebuilt from the start of a one-shot stream or an exchange, and for a client that has
  // only some frames of an entry. Entries that the client has are projected again, but not sent.
  let has =
    scope !== 'session' || after?.frame !== undefined ? createClientFrames({ after, skip }) : undefined;
  /** The last entry that was read. */
  let place = (has === undefined ? (after?.id ?? begun) : undefined) ?? exchange?.from;
  /** The last entry that the client has in full, or that it named in its request. */
  let reached = after?.id ?? begun;
  let isAtEnd = false;
  let resync = gone ?? (fromState && after === undefined && !exchange ? 'requested' : undefined);
  if (has !== undefined && after !== undefined) resync ??= await findGone(log, key, after.id);

  const toText = (event: StreamEvent): ReadingStep => ({
    type: 'text',
    text: projection.announce(event).map(encode).join(''),
  });

  while (!projection.over) {
    if (resync !== undefined && exchange !== undefined) {
      // No state can take the place of an exchange's entries. The dialect makes an error of this.
      yield toText({ type: 'resync', reason: resync, ...(reached !== undefined && { from: reached }) });
      return;
    }
    if (resync !== undefined) {
      const now = await state(session, maxStateText);
      if (now === undefined) return yield { type: 'missing' };
      yield toText(toResync(resync, reached, now));
      projection = dialect.open({ scope, state: now });
      if (projection.over) {
        // The frames carry an id. A client that comes back with this id learns that the stream is over.
        yield { type: 'text', text: toLastFrames(projection, now, ids?.suffix) };
        return;
      }
      reached = now.last;
      place = now.last;
      // From here on, every entry is new to the client. This also holds when a store lost writes and uses the
      // same seq numbers again.
      has = undefined;
      resync = undefined;
    }
    // Until the reading has passed all frames of the client, the reader cannot join a channel: the channel
    // would send frames that the client has. At the end of the log, the client has counted frames that do not
    // exist yet.
    const isBehindClient = has?.reachBeyond(place) === true;
    const start = { ids, start: place, projection, has: isBehindClient ? has : undefined };
    if (!isBehindClient || isAtEnd) yield { type: 'place', place: start, isAtEnd };

    const page = await log.read(session, place, pageSize);
    if (page.type === 'missing') return yield { type: 'missing' };
    const isForgotten =
      page.type === 'page' && page.base !== undefined && (exchange !== undefined || isAhead(page.base, has));
    if (page.type === 'gone' || isForgotten) {
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
    for (const { text, last } of toPieces(entries, { before: place, projection, ids, has })) {
      yield { type: 'text', text };
      if (has?.reachBeyond(last) !== true) reached = last;
    }
    place = entries.at(-1)?.id ?? base?.last ?? place;
    const turn = isAtEnd ? undefined : giveWay();
    if (turn !== undefined) await turn;
  }
}

/** Returns the reason why the log cannot go on from an entry. */
async function findGone(
  log: EventLog,
  { session, scope }: ChannelKey,
  id: string,
): Promise<ResyncReason | undefined> {
  const page = await log.read(session, id, 1);
  // An exchange may be in the log although entries before it are trimmed.
  const isHarmless = page.type === 'gone' && page.reason === 'trimmed' && typeof scope === 'object';
  return page.type === 'gone' && !isHarmless ? page.reason : undefined;
}

/**
 * Returns whether a state replaces frames that the client does not have. The log was then trimmed while the
 * client came back, or up to an entry of which it has only some frames.
 */
function isAhead(state: SessionState, has: ClientFrames | undefined): boolean {
  return state.last !== undefined && has !== undefined && !has.include(state.last);
}
