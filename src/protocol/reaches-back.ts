import { findSent } from './fold.ts';
import type { FoldedEntry } from './fold.ts';
import type { SessionState } from './state.ts';

/**
 * Returns whether entries change messages that come before the first one of a state: they start an edit of a
 * message that a state with `earlier` does not have. A fold would be wrong, so the state must be read anew.
 */
export function reachesBack(state: SessionState, entries: readonly FoldedEntry[]): boolean {
  if (state.earlier === undefined) return false;
  const { messages } = state;
  const sent = new Map<string, string | undefined>();
  const toReplaced = (name: string): string | undefined => {
    const message = messages[findSent(messages, name)];
    // A turn that starts again has left the branch already.
    return message?.role === 'user' && message.status === 'waiting' ? message.replaces : sent.get(name);
  };
  return entries.some(({ event }) => {
    if (event.type === 'message') sent.set(event.message, event.replaces);
    if (event.type !== 'message_start' || event.resumes !== undefined) return false;
    const replaced = toReplaced(event.message);
    return replaced !== undefined && !sent.has(replaced) && findSent(messages, replaced) < 0;
  });
}
