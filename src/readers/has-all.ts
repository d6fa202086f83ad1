import type { Projection } from '../dialects/index.ts';
import { giveWay } from '../log/internal.ts';
import type { EventLog } from '../log/index.ts';
import type { Entry } from '../protocol/index.ts';
import type { ChannelKey } from './channel-key.ts';
import { createClientFrames } from './client-frames.ts';
import type { ClientFrames, ClientPlace } from './client-frames.ts';

/**
 * Returns whether a client has the last frame of a one-shot stream that is over, or of an exchange. It
 * projects the entries to find out, because not every entry has a frame. Returns false for an exchange that
 * is not over, or whose entries are forgotten.
 */
export async function hasAll(
  log: EventLog,
  { session, dialect, scope }: ChannelKey,
  place: ClientPlace,
): Promise<boolean> {
  const { after } = place;
  if (after !== undefined && (await log.read(session, after.id, 1)).type !== 'page') return false;
  const exchange = typeof scope === 'object' ? scope : undefined;
  const projection = dialect.open({ scope });
  const has = createClientFrames(place);
  for (let last = exchange?.from; !projection.over;) {
    const page = await log.read(session, last, 256);
    const entries = page.type === 'page' ? page.entries : [];
    const isForgotten = page.type === 'page' && page.base !== undefined;
    if (exchange !== undefined && (isForgotten || entries.length === 0)) return false;
    if (entries.length === 0) return true;
    if (entries.some((entry) => !isTaken(entry, projection, has))) return false;
    last = entries.at(-1)?.id;
    const turn = giveWay();
    if (turn !== undefined) await turn;
  }
  return true;
}

/** Returns whether the client has all frames of an entry. A stream that is over has no further ones. */
function isTaken(entry: Entry, projection: Projection, has: ClientFrames | undefined): boolean {
  if (projection.over) return true;
  const frames = projection.project(entry).length;
  return frames === (has?.take(entry.id, frames) ?? 0);
}
