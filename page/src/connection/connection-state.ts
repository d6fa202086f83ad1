import type { SessionView } from 'heddle/react';
import { isMissing } from '../conversation/is-missing.ts';

export type ConnectionState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'offline' | 'closed';

/**
 * Returns the connection state to show. The user cares whether the stream continues, not which attempt is
 * running.
 */
export function toConnectionState(
  view: Pick<SessionView, 'connection' | 'messages' | 'status' | 'error'>,
  online: boolean,
): ConnectionState {
  const { connection, messages } = view;
  // The page shows a missing session in place of the conversation.
  if (isMissing(view)) return 'idle';
  if (!online) return 'offline';
  if (connection === 'waiting') return 'reconnecting';
  if (connection !== 'connecting') return connection;
  // Without messages this is the first connection.
  return messages.length === 0 ? 'connecting' : 'reconnecting';
}
