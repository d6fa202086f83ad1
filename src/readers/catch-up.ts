import type { Projection } from '../dialects/index.ts';
import { giveWay } from '../log/internal.ts';
import type { EventLog } from '../log/index.ts';
import { toSeq, toWireId } from '../protocol/index.ts';
import type { EntryId, ResyncReason, SessionState, StreamEvent, WireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import type { ChannelKey, ChannelStart } from './channel.ts';
import { toPieces } from './frames.ts';

/** Where a reading of the log begins. */
export interface Beginning {
  /** The last frame the client has. */
  readonly after?: WireId | undefined;
  /** Begins with the folded state instead of the entries it was made of. */
  readonly fromState?: boolean;
  /** Why nothing can come after that, where this is known. */
  readonly gone?: ResyncReason | undefined;
  /** The last of the entries that were sent already, and what has projected them. */
  readonly begun?: EntryId | undefined;
  readonly projection?: Projection;
}

/** What a reading comes to next. */
export type ReadingStep =
  /** Text to write; may be empty. */
  | { readonly type: 'text'; readonly text: string }
  /** A place in the log from which a channel can go on. `isAtEnd`: nothing came after it when it was read. */
  | { readonly type: 'place'; readonly place: ChannelStart; readonly isAtEnd: boolean };

/** The log, and the folded state of a session for readers that cannot simply go on. */
export interface ReadingSource {
  readonly log: EventLog;
  readonly state: (session: string) => Promise<SessionState | undefined>;
}

/** Entries read at a time. */
const pageSize = 256;
/** A state of up to this many UTF-16 units goes out in band; a longer one is left for the client to fetch. */
const maxStateText = 128 * 1024;

/**
 * Reads the log for one reader, from where its client is. The reader takes each step when it has room for it, and stops where it joins a
 * channel. The reading returns where nothing comes any more: the dialect has said its last frame, or the session was deleted.
 */
export async function* catchUp(
  { log, state }: ReadingSource,
  { session, dialect, scope }: ChannelKey,
  { after, gone, fromState, begun, projection: first }: Beginning,
): AsyncGenerator<ReadingStep, void, undefined> {
  const suffix = scope === 'turn' ? session : undefined;
  let projection = first ?? dialect.open({ scope });
  // A projection in mid-turn is rebuilt from the start: what the client has is projected again and not sent.
  const isRebuilt = after !== undefined && (scope === 'turn' || after.frame !== undefined);
  let has = isRebuilt ? after : undefined;
  /** The last entry that was read. */
  let place = isRebuilt ? undefined : (after?.id ?? begun);
  /** The last entry the client has all of, or said it has. */
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
      const now = await state(session);
      if (now === undefined) return;
      yield toText(toResync(resync, reached, now));
      projection = dialect.open({ scope, state: now });
      if (projection.over) {
        // With an id, so that a client that comes back is told that there is no more.
        yield { type: 'text', text: toLastFrames(projection, now, suffix) };
        return;
      }
      reached = now.last;
      place = now.last;
      // From here on all is new to the client, also where a store that lost writes counts the same numbers again.
      has = undefined;
      resync = undefined;
    }
    // Nobody joins before all that the client has was read again.
    const isBehindClient = has !== undefined && (place === undefined || toSeq(place) < has.seq);
    if (!isBehindClient) yield { type: 'place', place: { suffix, start: place, projection }, isAtEnd };

    const page = await log.read(session, place, pageSize);
    if (page.type === 'missing') return;
    if (page.type === 'gone') {
      resync = page.reason;
      isAtEnd = false;
      continue;
    }
    const { entries, base } = page;
    isAtEnd = page.end === true || (entries.length === 0 && base === undefined);
    if (base !== undefined) {
      projection = dialect.open({ scope, state: base });
      if (has === undefined) yield toText(toResync('trimmed', reached, base));
      reached = base.last ?? reached;
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

function toResync(reason: ResyncReason, from: EntryId | undefined, state: SessionState): StreamEvent {
  const fits = JSON.stringify(state).length <= maxStateText;
  return { type: 'resync', reason, ...(from !== undefined && { from }), ...(fits && { state }) };
}

function toLastFrames(projection: Projection, state: SessionState, session: string | undefined): string {
  const id = state.last === undefined ? undefined : toWireId(state.last, undefined, session);
  const frames = projection.announce({ type: 'end' });
  return frames.map((frame) => encode({ ...(id !== undefined && { id }), ...frame })).join('');
}
