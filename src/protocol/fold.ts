import type { Entry } from './entry.ts';
import type { EngineEvent, SessionEvent, SpokenEvent } from './events.ts';
import { foldParts } from './fold-parts.ts';
import type {
  AgentMessage,
  ApprovalPart,
  MessageState,
  PartState,
  PendingApproval,
  SentMessage,
  SessionState,
} from './state.ts';

/** A session before its first entry. */
export function emptyState(session: string): SessionState {
  return { session, messages: [], approvals: [] };
}

/**
 * Folds an entry into the state: pure, and what did not change keeps its identity, so that a view can compare by reference.
 * Events of unknown types, or of turns the state does not know, change nothing but `last`.
 */
export function fold(state: SessionState, entry: Pick<Entry, 'id' | 'event'>): SessionState {
  return { ...foldEvent(state, entry.event), last: entry.id };
}

function foldEvent(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'session_start':
      return event.metadata === undefined ? state : { ...state, metadata: event.metadata };
    case 'message':
    case 'withdraw':
    case 'message_start':
      return { ...state, ...foldMessage(state, event) };
    case 'message_end': {
      const { turn, ...rest } = state;
      const messages = updateTurn(state, event.turn, (message) => endTurn(message, event));
      const approvals = event.outcome === 'waiting' ? pendingOf(messages, event.turn) : state.approvals;
      return turn === event.turn ? { ...rest, messages, approvals } : { ...state, messages, approvals };
    }
    case 'cancel_request':
      return {
        ...state,
        messages: updateTurn(state, event.turn, (message) => ({ ...message, cancelling: true })),
      };
    case 'approval_answer':
      return foldAnswer(state, event);
    default: {
      const messages = updateTurn(state, event.turn, (message) => {
        if (event.type === 'step_start' || event.type === 'step_end') return foldStep(message, event);
        const parts = foldParts(message.parts, event);
        return parts === message.parts ? message : { ...message, parts };
      });
      return messages === state.messages ? state : { ...state, messages };
    }
  }
}

type Of<Type extends EngineEvent['type']> = Extract<EngineEvent, { type: Type }>;

function foldMessage(
  state: SessionState,
  event: Of<'message' | 'withdraw' | 'message_start'>,
): { readonly messages: readonly MessageState[]; readonly turn?: string } {
  const { messages } = state;
  if (event.type === 'message') {
    const { message, turn, at, content, author, replaces } = event;
    const sent: SentMessage = {
      role: 'user',
      message,
      turn,
      at,
      content,
      status: 'waiting',
      ...(author !== undefined && { author }),
      ...(replaces !== undefined && { replaces }),
    };
    return { messages: [...messages, sent] };
  }
  if (event.type === 'withdraw') {
    return {
      messages: messages.map((other) =>
        isSent(other, event.message) ? { ...other, status: 'withdrawn' } : other,
      ),
    };
  }
  const { turn, message, attempt, at, resumes } = event;
  if (messages.some((other) => other.role === 'agent' && other.turn === turn)) {
    // What the attempt before asked for will never be answered; what it said was withdrawn in the log itself.
    const isKept = (part: PartState): boolean => part.type !== 'approval' || part.status !== undefined;
    const again = (other: AgentMessage): AgentMessage => ({
      ...other,
      attempt,
      parts: other.parts.filter(isKept),
    });
    return { turn, messages: updateTurn(state, turn, again) };
  }
  const agent: AgentMessage = {
    role: 'agent',
    turn,
    message,
    at,
    attempt,
    parts: [],
    openSteps: [],
    ...(resumes !== undefined && { resumes }),
  };
  if (resumes !== undefined) return { turn, messages: [...messages, agent] };
  const sent = messages.find((other) => isSent(other, message));
  const others = toBranch(
    messages.filter((other) => other !== sent),
    sent,
  );
  // A message that waited behind others stands where it was answered, not where it was sent.
  return { turn, messages: [...others, ...(sent ? [{ ...sent, status: 'started' as const }] : []), agent] };
}

/** The conversation that a message goes on from: where it takes the place of another, all before that one, and what still waits. */
function toBranch(messages: readonly MessageState[], sent: SentMessage | undefined): readonly MessageState[] {
  const from = messages.findIndex((other) => sent?.replaces !== undefined && isSent(other, sent.replaces));
  if (from < 0) return messages;
  return messages.filter(
    (other, index) => index < from || (other.role === 'user' && other.status === 'waiting'),
  );
}

function isSent(message: MessageState, name: string): message is SentMessage {
  return message.role === 'user' && message.message === name;
}

function foldAnswer(state: SessionState, event: Of<'approval_answer'>): SessionState {
  const { approval, status, decision } = event;
  const isIt = (part: { readonly type: string }): part is ApprovalPart =>
    part.type === 'approval' && 'approval' in part && part.approval === approval;
  return {
    ...state,
    approvals: state.approvals.filter((pending) => pending.approval !== approval),
    messages: state.messages.map((message) =>
      message.role === 'agent' && message.parts.some(isIt)
        ? {
            ...message,
            parts: message.parts.map((part) =>
              isIt(part) ? { ...part, status, ...(decision !== undefined && { decision }) } : part,
            ),
          }
        : message,
    ),
  };
}

/** What a turn that waits has asked for. */
function pendingOf(messages: readonly MessageState[], turn: string): readonly PendingApproval[] {
  return messages.flatMap((message) =>
    message.role === 'agent' && message.turn === turn
      ? message.parts.flatMap((part) => {
          if (part.type !== 'approval' || part.status !== undefined) return [];
          const { approval, reason, call } = part;
          return [{ turn, approval, reason, ...(call !== undefined && { call }) }];
        })
      : [],
  );
}

function endTurn({ cancelling: _, ...message }: AgentMessage, event: Of<'message_end'>): AgentMessage {
  const { outcome, reason, usage, error } = event;
  return {
    ...message,
    outcome,
    ...(reason !== undefined && { reason }),
    ...(usage !== undefined && { usage }),
    ...(error !== undefined && { error }),
  };
}

function updateTurn(
  { messages }: SessionState,
  turn: string,
  update: (message: AgentMessage) => AgentMessage,
): readonly MessageState[] {
  const index = messages.findLastIndex((message) => message.role === 'agent' && message.turn === turn);
  const message = messages[index];
  if (message?.role !== 'agent') return messages;
  const updated = update(message);
  return updated === message ? messages : messages.with(index, updated);
}

function foldStep(message: AgentMessage, { type, step, agent }: StepEvent): AgentMessage {
  const others = message.openSteps.filter((open) => open.step !== step);
  return {
    ...message,
    openSteps: type === 'step_end' ? others : [...others, { step, ...(agent && { agent }) }],
  };
}

type StepEvent = Extract<SpokenEvent, { type: 'step_start' | 'step_end' }>;
