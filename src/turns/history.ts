import type { MessageState, SessionState } from '../protocol/index.ts';

/** The conversation before a turn, as its agent may know it: without what waits, what was taken back, and the turn itself. */
export function toHistory(state: SessionState, turn: string): readonly MessageState[] {
  return state.messages.filter(
    (message) => message.turn !== turn && (message.role === 'agent' || message.status === 'started'),
  );
}
