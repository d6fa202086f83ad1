import { useMemo, useSyncExternalStore } from 'react';
import type { ConversationView } from 'heddle/client';
import { createFollowing } from './following.ts';

export interface Followed {
  /** Undefined where no session is shown. */
  readonly view: ConversationView | undefined;
  readonly restart: () => void;
}

/** Follows a session for as long as it is shown. */
export function useConversation(session: string | undefined): Followed {
  const { get, subscribe, restart } = useMemo(() => createFollowing(session), [session]);
  return { view: useSyncExternalStore(subscribe, get), restart };
}
