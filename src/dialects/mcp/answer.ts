import type { AgentMessage, SentMessage, SessionState, ToolPart } from '../../protocol/index.ts';

/** The standing of an answer. `waiting`: its approvals need decisions. */
type AnswerStatus = 'working' | 'waiting' | 'done' | 'failed' | 'cancelled';

/** An answer as it stands: what an exchange has come to. */
export interface McpAnswer {
  readonly status: AnswerStatus;
  readonly sent: SentMessage | undefined;
  /** The turns that worked on the message, the first one first. */
  readonly turns: readonly AgentMessage[];
  /** The agent's texts, without those of inner agents. */
  readonly texts: readonly string[];
  /** The open approvals of a waiting answer. */
  readonly approvals: readonly AskedApproval[];
}

/** An open approval and its subject. */
export interface AskedApproval {
  readonly approval: string;
  readonly reason: unknown;
  readonly tool?: string;
  readonly input?: unknown;
}

/** Returns the answer to a message in a state. */
export function toMcpAnswer(state: SessionState, message: string): McpAnswer {
  const sent = state.messages.findLast(
    (each): each is SentMessage => each.role === 'user' && each.message === message,
  );
  const turns = state.messages.filter(
    (each): each is AgentMessage => each.role === 'agent' && each.message === message,
  );
  const status = toStatus(state, sent, turns.at(-1));
  return {
    status,
    sent,
    turns,
    texts: turns
      .flatMap(({ parts }) => parts)
      .flatMap((part) => (part.type === 'text' && !part.agent?.length && part.text !== '' ? part.text : [])),
    approvals: status === 'waiting' ? toAsked(state, turns.at(-1)) : [],
  };
}

function toStatus(
  state: SessionState,
  sent: SentMessage | undefined,
  last: AgentMessage | undefined,
): AnswerStatus {
  if (sent?.status === 'withdrawn') return 'cancelled';
  if (last?.outcome === undefined) return 'working';
  if (last.outcome === 'completed') return 'done';
  if (last.outcome !== 'waiting') return last.outcome;
  if (state.approvals.some(({ turn }) => turn === last.turn)) return 'waiting';
  const isClosed = last.parts.some(
    (part) => part.type === 'approval' && (part.status === 'cancelled' || part.status === 'expired'),
  );
  // All were answered: the next turn goes on.
  return isClosed ? 'cancelled' : 'working';
}

function toAsked(state: SessionState, last: AgentMessage | undefined): readonly AskedApproval[] {
  return state.approvals.flatMap(({ turn, approval, reason, call }) => {
    if (turn !== last?.turn) return [];
    const found = last.parts.findLast(
      (part): part is ToolPart => part.type === 'tool' && call !== undefined && part.call === call,
    );
    return [{ approval, reason, ...(found && { tool: found.tool, input: found.input }) }];
  });
}
