import { AgentError } from '../protocol/index.ts';
import { findSent } from '../protocol/internal.ts';
import type {
  AgentMessage,
  ApprovalAnswer,
  MessageState,
  SessionState,
  TurnInput,
} from '../protocol/index.ts';

/**
 * Returns what a turn answers, from the folded state: a message, and the answers to the approvals that it
 * goes on from. Throws an AgentError if the message is no longer kept.
 */
export function toInput(state: SessionState, message: string, resumes: string | undefined): TurnInput {
  const sent = state.messages[findSent(state.messages, message)];
  if (sent?.role !== 'user')
    throw new AgentError('message_lost', 'The message this turn answers is no longer kept.');
  const { content, author } = sent;
  const asked = { content, ...(author !== undefined && { author }) };
  if (resumes === undefined) return { type: 'message', ...asked };
  return { type: 'answers', ...asked, resumes, answers: toAnswers(findTurn(state, resumes)) };
}

/**
 * Returns the last messages of the conversation before a turn, as the agent may know it, at most `count`. It
 * leaves out messages that wait, messages that were withdrawn, and the turn itself.
 */
export function toHistory(state: SessionState, turn: string, count: number): readonly MessageState[] {
  const history: MessageState[] = [];
  for (let index = state.messages.length - 1; index >= 0 && history.length < count; index -= 1) {
    const message = state.messages[index];
    if (message === undefined || message.turn === turn) continue;
    if (message.role === 'agent' || message.status === 'started') history.push(message);
  }
  return history.toReversed();
}

/** Returns what an agent said in the turn before a turn. */
export function findTurnBefore(state: SessionState, turn: string): AgentMessage | undefined {
  return state.messages.findLast(
    (other): other is AgentMessage => other.role === 'agent' && other.turn !== turn,
  );
}

/** Returns what an agent said in a turn. */
export function findTurn(state: SessionState, turn: string): AgentMessage | undefined {
  return state.messages.findLast(
    (other): other is AgentMessage => other.role === 'agent' && other.turn === turn,
  );
}

function toAnswers(message: AgentMessage | undefined): readonly ApprovalAnswer[] {
  return (message?.parts ?? []).flatMap((part) => {
    if (part.type !== 'approval' || part.status !== 'answered') return [];
    const { approval, name, call, reason, decision } = part;
    const more = call === undefined ? undefined : { call };
    return [{ approval: name ?? approval, reason, decision: decision ?? null, ...more }];
  });
}
