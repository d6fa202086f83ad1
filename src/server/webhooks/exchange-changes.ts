import type { ExchangeChange } from '../../dialects/index.ts';
import { findSent } from '../../protocol/internal.ts';
import type { AgentMessage, PartState, SessionState } from '../../protocol/index.ts';
import type { Transcripts } from '../../transcripts/index.ts';

/** One change of an exchange. */
export interface FoundChange {
  /** The name of the change in its exchange: `<turn>:<change>`. */
  readonly name: string;
  readonly change: ExchangeChange;
  readonly answer?: AgentMessage;
}

/**
 * Reads a state that has the message of an exchange, if the conversation has it. Undefined without a session.
 */
export async function readExchange(
  transcripts: Pick<Transcripts, 'read'>,
  session: string,
  message: string,
): Promise<SessionState | undefined> {
  const brief = (await transcripts.read(session, { messages: 16 }))?.state;
  if (brief === undefined || !brief.earlier || findSent(brief.messages, message) >= 0) return brief;
  return (await transcripts.read(session))?.state;
}

/**
 * Returns the changes of an exchange so far, in order. They follow from the state alone, so every node finds
 * the same ones, and a log that was trimmed has them too.
 */
export function toChanges(state: SessionState, message: string): readonly FoundChange[] {
  const sent = state.messages[findSent(state.messages, message)];
  // The user has taken the message back: another one replaces it, or one before it.
  if (sent === undefined) return [{ name: ':cancelled', change: 'cancelled' }];
  if (sent.role === 'user' && sent.status === 'withdrawn')
    return [{ name: `${sent.turn}:cancelled`, change: 'cancelled' }];
  const changes: FoundChange[] = [];
  for (const answer of state.messages) {
    if (answer.role !== 'agent' || answer.message !== message || answer.outcome === undefined) continue;
    const change = answer.outcome === 'waiting' ? 'input_required' : answer.outcome;
    changes.push({ name: `${answer.turn}:${change}`, change, answer });
    if (answer.parts.some(isClosed))
      changes.push({ name: `${answer.turn}:cancelled`, change: 'cancelled', answer });
  }
  return changes;
}

/** Returns whether an approval closed without an answer. No turn goes on from it. */
function isClosed(part: PartState): boolean {
  return part.type === 'approval' && (part.status === 'cancelled' || part.status === 'expired');
}

/**
 * Returns the changes after one that was told. If that one is unknown by now, only the last change counts.
 */
export function toUntold(changes: readonly FoundChange[], told: string | undefined): readonly FoundChange[] {
  if (told === undefined) return changes;
  const at = changes.findIndex(({ name }) => name === told);
  return changes.slice(at < 0 ? -1 : at + 1);
}

/** Returns whether an exchange has no further changes. */
export function isFinal({ change }: Pick<FoundChange, 'change'>): boolean {
  return change !== 'input_required';
}

/**
 * Returns the state as it was at a change: without later messages, and with the approvals that the change
 * asks for still open. So a notice that is late, or that is sent again, says the same.
 */
export function toStateAt(state: SessionState, { change, answer }: FoundChange): SessionState {
  const { turn: _, last: __, ...rest } = state;
  if (answer === undefined) return { ...rest, approvals: [] };
  const messages = state.messages.slice(0, state.messages.indexOf(answer));
  return {
    ...rest,
    messages: [...messages, toAnswerAt(answer, change)],
    approvals: toApprovals(answer, change),
  };
}

/** Returns an answer as it was at a change. */
export function toAnswerAt(answer: AgentMessage, change: ExchangeChange): AgentMessage {
  if (change !== 'input_required') return answer;
  const reopen = (part: PartState): PartState => {
    if (part.type !== 'approval') return part;
    const { status: _, decision: __, ...open } = part;
    return open;
  };
  return { ...answer, parts: answer.parts.map(reopen) };
}

function toApprovals({ turn, parts }: AgentMessage, change: ExchangeChange): SessionState['approvals'] {
  if (change !== 'input_required') return [];
  return parts.flatMap((part) => {
    if (part.type !== 'approval') return [];
    const { approval, reason, call } = part;
    return [{ turn, approval, reason, ...(call !== undefined && { call }) }];
  });
}
