import { createConversation } from 'heddle/client';
import type { Conversation, ConversationView } from 'heddle/client';
import { client } from '../app/client.ts';

/** A session that is followed for as long as somebody looks at it. */
export interface Following {
  readonly get: () => ConversationView | undefined;
  readonly subscribe: (changed: () => void) => () => void;
  /** Begins anew, for a connection that was closed for good. */
  readonly restart: () => void;
}

/** Follows a session while it has a subscriber, of which there is one at a time; without a session it never changes. */
export function createFollowing(session: string | undefined): Following {
  let conversation: Conversation | undefined;
  let listener: (() => void) | undefined;
  let unsubscribe: (() => void) | undefined;

  const begin = (): void => {
    if (session === undefined || listener === undefined) return;
    conversation = createConversation(client.session(session));
    unsubscribe = conversation.subscribe(listener);
  };
  const end = (): void => {
    unsubscribe?.();
    conversation?.close();
  };
  return {
    get: () => conversation?.get(),
    subscribe(changed) {
      listener = changed;
      begin();
      return () => {
        listener = undefined;
        end();
      };
    },
    restart() {
      end();
      begin();
    },
  };
}
