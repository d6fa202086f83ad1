import type { Conversation } from './conversation.ts';
import type { ConversationView } from './conversation-view.ts';

/** Resolves with the view of a conversation as soon as something holds of it. */
export function until(
  conversation: Conversation,
  holds: (view: ConversationView) => boolean,
): Promise<ConversationView> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!holds(conversation.get())) return;
      stop();
      resolve(conversation.get());
    };
    const stop = conversation.subscribe(look);
    look();
  });
}
