import type { Projection } from '../dialects/index.ts';
import { isBusy } from '../log/internal.ts';
import type { EventLog } from '../log/index.ts';
import type { StreamEvent } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import type { ChannelKey } from './channel-key.ts';

/**
 * The reason why a reader ends before its stream is over: the client is gone, the stream is old, the
 * principal may no longer read, or the server shuts down.
 */
export type ReaderEnding = 'gone' | 'aged' | 'expired' | 'draining';

const words: Readonly<Partial<Record<ReaderEnding, StreamEvent>>> = {
  draining: { type: 'drain' },
  expired: { type: 'auth_expired' },
};

/**
 * Returns the frames that tell a client why its stream ends. Returns an empty text if there is no event for
 * the reason, or the dialect has no frame for the event.
 */
export function toFarewell(projection: Projection, why: ReaderEnding | undefined): string {
  const event = why && words[why];
  return event ? projection.announce(event).map(encode).join('') : '';
}

/**
 * Returns whether a stream must be cut if it ends before it is over. The stream of an exchange promises a
 * last frame, and its clients take a proper end without that frame for success.
 */
export function isCutEarly({ dialect, scope }: ChannelKey): boolean {
  return typeof scope === 'object' && dialect.onCut === 'destroy';
}

/** Decides how the body of a stream ends if its reader ends early. */
export async function toBodyEnd(
  log: EventLog,
  key: ChannelKey,
  why: ReaderEnding | undefined,
): Promise<'end' | 'cut'> {
  // A client that got `auth_expired` does not take the end for success. A cut body might lose that frame.
  if (why === 'expired' || key.dialect.onCut !== 'destroy') return 'end';
  if (isCutEarly(key)) return 'cut';
  const page = await log.read(key.session, undefined, 0);
  return page.type === 'page' && isBusy(page.head) ? 'cut' : 'end';
}
