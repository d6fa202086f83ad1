import type { ConversationView } from 'heddle/client';

export type ConnectionState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'offline' | 'closed';

/** What to tell about the connection: a reader cares whether it goes on, not which attempt is under way. */
export function toConnectionState(view: ConversationView | undefined, online: boolean): ConnectionState {
  if (!online) return 'offline';
  if (view === undefined) return 'idle';
  const { connection, loaded } = view;
  if (connection === 'live' || connection === 'closed') return connection;
  return connection === 'connecting' && !loaded ? 'connecting' : 'reconnecting';
}
