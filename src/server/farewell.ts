import type { Dialect, Projection } from '../dialects/index.ts';
import type { EventLog } from '../log/index.ts';
import type { StreamEvent } from '../protocol/index.ts';
import { isBusy } from '../turns/index.ts';
import { encode } from '../wire/index.ts';
import type { Why } from './stream.ts';

const words: Readonly<Partial<Record<Why, StreamEvent>>> = {
  draining: { type: 'drain' },
  expired: { type: 'auth_expired' },
};

/** What a stream says that ends before its time; nothing where its client would not know what to do with it. */
export function toFarewell(projection: Projection, why: Why | undefined): string {
  const event = why && words[why];
  return event ? projection.announce(event).map(encode).join('') : '';
}

/** How the body of such a stream ends. */
export async function toEnding(
  log: EventLog,
  { session, dialect }: { readonly session: string; readonly dialect: Dialect },
  why: Why | undefined,
): Promise<'end' | 'cut'> {
  // Who was told that their time is over does not take the end for success; cut, they might not be told.
  if (why === 'expired' || dialect.onCut !== 'destroy') return 'end';
  const page = await log.read(session, undefined, 0);
  return page.type === 'page' && isBusy(page.head) ? 'cut' : 'end';
}
