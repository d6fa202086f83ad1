import { findSent } from './fold.ts';
import type { FoldedEntry } from './fold.ts';
import type { SessionState } from './state.ts';

/**
 * Returns whether entries change messages that come before the first one of a state: they start an edit of a
 * message that a state with `earlier` does not have. A fold would be wrong, so the state must be read anew.
 */
export function reachesBack(state: SessionState, entries: readonly FoldedEntry[]): boolean {
  if (state.earlier === undefined) return false;
  const sent: { readonly message: string; readonly replaces?: string }[] = [];
  const find = (name: string): { readonly replaces?: string } | undefined => {
    const message = state.messages[findSent(state.messages, name)];
    return sent.find((each) => each.message === name) ?? (message?.role === 'user' ? message : undefined);
  };
  return entries.some(({ event }) => {
    if (event.type === 'message') sent.push(event);
    if (event.type !== 'message_start' || event.resumes !== undefined) return false;
    const replaced = find(event.message)?.replaces;
    return replaced !== undefined && find(replaced) === undefined;
  });
}
