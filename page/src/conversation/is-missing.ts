import { ClientError } from 'heddle/client';
import type { ConversationView } from 'heddle/client';

/** Whether the session was deleted or is someone else's: the server tells both in the same words. */
export function isMissing(view: ConversationView | undefined): boolean {
  return (
    view?.connection === 'closed' && view.error instanceof ClientError && view.error.code === 'not_found'
  );
}
