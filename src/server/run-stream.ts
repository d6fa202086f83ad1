import type { Projected, Projection } from '../dialects/index.ts';
import { follow } from '../log/index.ts';
import type { EventLog } from '../log/index.ts';
import { toSeq, toWireId } from '../protocol/index.ts';
import type { Entry, EntryId, ResyncReason, SessionState, StreamEvent } from '../protocol/index.ts';
import { isBusy } from '../turns/index.ts';
import { encode } from '../wire/index.ts';
import type { StreamContext, StreamOptions } from './stream.ts';
import { toFrames } from './to-frames.ts';

/** Bytes a reader may leave untaken before it gets no more: it is behind then, and goes on from the log when it has taken them. */
export const maxHeld: number = 64 * 1024;
/** A state up to this many UTF-16 units goes out in band; a longer one is left for the client to fetch. */
const maxStateText = 128 * 1024;

/** A stream whose first bytes are out. */
export interface Begun extends StreamOptions {
  readonly projection: Projection;
  /** The last entry that was sent at once. */
  readonly begun: Entry | undefined;
}

export interface Writer {
  write(text: string): void;
  /** Resolves when there is room for more, or the stream is to end. */
  room(): Promise<void>;
}

/** Follows the log until the stream is over; resolves with how to end the body. */
export async function runStream(
  { log, state }: StreamContext,
  { session, dialect, scope, after, fromState, projection: first, begun }: Begun,
  { write, room }: Writer,
  ended: AbortSignal,
): Promise<'end' | 'cut'> {
  let projection = first;
  const announce = (event: StreamEvent): void => write(projection.announce(event).map(encode).join(''));
  const suffix = scope === 'turn' ? session : undefined;
  // A projection in mid-turn is rebuilt from the start: what the client has is projected again and not sent.
  const rebuild = after !== undefined && (scope === 'turn' || after.frame !== undefined);
  let has = rebuild ? after : undefined;
  let start = rebuild ? undefined : (after?.id ?? begun?.id);
  // The last entry the client has all of, or said it has.
  let reached = after?.id ?? begun?.id;
  let resync: ResyncReason | undefined = fromState && after === undefined ? 'requested' : undefined;
  if (rebuild) resync = await findGone(log, session, after.id);

  const send = async (entries: readonly Entry[]): Promise<void> => {
    let text = '';
    for (const entry of entries) {
      text += toFrames(entry, projection.project(entry), suffix, has);
      if (has === undefined || toSeq(entry.id) >= has.seq) reached = entry.id;
      if (text.length < maxHeld) continue;
      write(text);
      text = '';
      await room();
      if (ended.aborted) return;
    }
    write(text);
  };

  for (;;) {
    if (resync !== undefined) {
      const now = await state(session);
      if (now === undefined) return 'end';
      announce(toResync(resync, reached, now));
      reached = now.last;
      projection = dialect.open({ scope, state: now });
      // With an id, so that who comes back is told that there is no more.
      if (projection.over) write(toLastFrames(projection.announce({ type: 'end' }), now, suffix));
      if (projection.over) return 'end';
      start = now.last;
      // From here on all is new to the client, also where a store that lost writes counts the same numbers again.
      has = undefined;
      resync = undefined;
    }
    for await (const page of follow(log, session, { after: start, signal: ended })) {
      if (page.type === 'missing') return 'end';
      if (page.type === 'gone') {
        resync = page.reason;
        break;
      }
      if (page.base !== undefined) {
        projection = dialect.open({ scope, state: page.base });
        if (has === undefined) announce(toResync('trimmed', reached, page.base));
      }
      await send(page.entries);
      reached = page.base?.last ?? reached;
      if (projection.over) return 'end';
      await room();
    }
    if (resync === undefined) break;
  }
  if (ended.reason === 'draining') {
    // The end of a turn that was waited for may not have been read yet.
    const page = await log.read(session, reached, 256);
    if (page.type === 'page' && has === undefined) await send(page.entries);
    if (projection.over) return 'end';
    announce({ type: 'drain' });
  }
  return dialect.onCut === 'destroy' && (await isMidTurn(log, session)) ? 'cut' : 'end';
}

async function findGone(log: EventLog, session: string, id: string): Promise<ResyncReason | undefined> {
  const page = await log.read(session, id, 1);
  return page.type === 'gone' ? page.reason : undefined;
}

/** Whether a turn runs in a session, or can start. */
export async function isMidTurn(log: EventLog, session: string): Promise<boolean> {
  const page = await log.read(session, undefined, 0);
  return page.type === 'page' && isBusy(page.head);
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
