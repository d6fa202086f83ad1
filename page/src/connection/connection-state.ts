import type { SessionView } from 'heddle/react';

export type ConnectionState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'offline' | 'closed';

/** What to tell about the connection: a reader cares whether it goes on, not which attempt is under way. */
export function toConnectionState(
  { connection, messages }: Pick<SessionView, 'connection' | 'messages'>,
  online: boolean,
): ConnectionState {
  if (!online) return 'offline';
  if (connection === 'waiting') return 'reconnecting';
  if (connection !== 'connecting') return connection;
  // Where there is nothing yet that could go on, it is the first time.
  return messages.length === 0 ? 'connecting' : 'reconnecting';
}
