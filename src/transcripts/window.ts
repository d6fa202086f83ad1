import type { SessionState } from '../protocol/index.ts';
import { findSent } from '../protocol/internal.ts';

/**
 * Returns the state with its last messages only: at least `count` of them, from a user's message on. Messages
 * that still change are always among them.
 */
export function toWindow(state: SessionState, count: number): SessionState {
  return from(state, Math.min(state.messages.length - count, findUnsettled(state)));
}

/**
 * Returns the state with messages before one of a user: at least the last `count` of them. Undefined if no
 * message of that name is in the state.
 */
export function pageBack(state: SessionState, before: string, count: number): SessionState | undefined {
  const end = findSent(state.messages, before);
  if (end < 0) return undefined;
  return from({ ...state, messages: state.messages.slice(0, end) }, end - count);
}

/** Returns the index of the first message that later entries may change; the length if there is none. */
export function findUnsettled({ messages, turn, approvals }: SessionState): number {
  const open = new Set(approvals.map((approval) => approval.turn));
  if (turn !== undefined) open.add(turn);
  const index = messages.findIndex((message) =>
    message.role === 'user' ? message.status === 'waiting' : open.has(message.turn),
  );
  return index < 0 ? messages.length : index;
}

/** Cuts the state at a user's message, at or before `index`: it names the place to page back from. */
function from(state: SessionState, index: number): SessionState {
  const { messages } = state;
  let start = Math.min(index, messages.length - 1);
  while (start > 0 && messages[start]?.role !== 'user') start -= 1;
  return start <= 0 ? state : { ...state, earlier: true, messages: messages.slice(start) };
}
