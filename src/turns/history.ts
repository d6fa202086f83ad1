import type { MessageState, SessionState } from '../protocol/index.ts';

/**
 * Returns the conversation before a turn, as the agent may know it. It leaves out messages that wait,
 * messages that were withdrawn, and the turn itself.
 */
export function toHistory(state: SessionState, turn: string): readonly MessageState[] {
  return state.messages.filter(
    (message) => message.turn !== turn && (message.role === 'agent' || message.status === 'started'),
  );
}
