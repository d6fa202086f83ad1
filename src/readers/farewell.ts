import type { Dialect, Projection } from '../dialects/index.ts';
import { isBusy } from '../log/internal.ts';
import type { EventLog } from '../log/index.ts';
import type { StreamEvent } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';

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

/** Decides how the body of a stream ends if its reader ends early. */
export async function toBodyEnd(
  log: EventLog,
  { session, dialect }: { readonly session: string; readonly dialect: Dialect },
  why: ReaderEnding | undefined,
): Promise<'end' | 'cut'> {
  // A client that got `auth_expired` does not take the end for success. A cut body might lose that frame.
  if (why === 'expired' || dialect.onCut !== 'destroy') return 'end';
  const page = await log.read(session, undefined, 0);
  return page.type === 'page' && isBusy(page.head) ? 'cut' : 'end';
}
