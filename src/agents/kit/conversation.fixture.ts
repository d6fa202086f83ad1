import type { AgentMessage, PartState, SentMessage } from '../../protocol/index.ts';

/** Returns a message that a user sent, as a history has it. */
export function sentIn(turn: string, content: SentMessage['content']): SentMessage {
  return { role: 'user', message: `m-${turn}`, turn, at: 0, content, status: 'started' };
}

/** Returns an answer to it. */
export function saidIn(
  turn: string,
  parts: readonly PartState[],
  outcome: AgentMessage['outcome'] = 'completed',
): AgentMessage {
  const message = `m-${turn}`;
  return { role: 'agent', turn, message, at: 0, attempt: 1, parts, openSteps: [], outcome };
}
