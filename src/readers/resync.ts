import type { Projection } from '../dialects/index.ts';
import { toWireId } from '../protocol/index.ts';
import type { EntryId, ResyncReason, SessionState, StreamEvent } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';

/** The longest state that is sent in the stream, in UTF-16 units. The client fetches a longer one. */
export const maxStateText: number = 128 * 1024;

/** Returns the event that replaces what the client has by a state. `from` is the client's last entry. */
export function toResync(reason: ResyncReason, from: EntryId | undefined, state: SessionState): StreamEvent {
  const fits = !state.earlier && JSON.stringify(state).length <= maxStateText;
  return { type: 'resync', reason, ...(from !== undefined && { from }), ...(fits && { state }) };
}

/**
 * Encodes the last frames of a one-shot stream that a state shows to be over. They carry the id of the state's
 * last entry.
 */
export function toLastFrames(
  projection: Projection,
  state: SessionState,
  session: string | undefined,
): string {
  const id = state.last === undefined ? undefined : toWireId(state.last, undefined, session);
  const frames = projection.announce({ type: 'end' });
  return frames.map((frame) => encode({ ...(id !== undefined && { id }), ...frame })).join('');
}
