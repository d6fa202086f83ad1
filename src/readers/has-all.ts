import { giveWay } from '../log/internal.ts';
import type { EventLog } from '../log/index.ts';
import type { WireId } from '../protocol/index.ts';
import type { ChannelKey } from './channel.ts';
import { toFrames } from './frames.ts';

/**
 * Returns whether a client has the last frame of a one-shot stream that is over. It projects the entries to
 * find out, because not every entry has a frame.
 */
export async function hasAll(
  log: EventLog,
  { session, dialect, scope }: ChannelKey,
  after: WireId,
): Promise<boolean> {
  if ((await log.read(session, after.id, 1)).type !== 'page') return false;
  const projection = dialect.open({ scope });
  for (let last: string | undefined; ;) {
    const page = await log.read(session, last, 256);
    if (page.type !== 'page' || page.entries.length === 0) return true;
    if (page.entries.some((entry) => toFrames(entry, projection.project(entry), session, after) !== ''))
      return false;
    last = page.entries.at(-1)?.id;
    const turn = giveWay();
    if (turn !== undefined) await turn;
  }
}
