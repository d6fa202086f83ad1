import type { SessionView } from 'heddle/react';
import { isMissing } from '../conversation/is-missing.ts';

export type ConnectionState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'offline' | 'closed';

/** What to tell about the connection: a reader cares whether it goes on, not which attempt is under way. */
export function toConnectionState(
  view: Pick<SessionView, 'connection' | 'messages' | 'status' | 'error'>,
  online: boolean,
): ConnectionState {
  const { connection, messages } = view;
  // That there is no such session is told in its place.
  if (isMissing(view)) return 'idle';
  if (!online) return 'offline';
  if (connection === 'waiting') return 'reconnecting';
  if (connection !== 'connecting') return connection;
  // Where there is nothing yet that could go on, it is the first time.
  return messages.length === 0 ? 'connecting' : 'reconnecting';
}
