import type { Entry } from './entry.ts';
import type { EngineEvent, SessionEvent, SpokenEvent } from './events.ts';
import type { AgentMessage, MessageState, PartState, SessionState, TextPart, ToolPart } from './state.ts';

/** A session before its first entry. */
export function emptyState(session: string): SessionState {
  return { session, messages: [] };
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
      return turn === event.turn ? { ...rest, messages } : { ...state, messages };
    }
    case 'cancel_request':
      return {
        ...state,
        messages: updateTurn(state, event.turn, (message) => ({ ...message, cancelling: true })),
      };
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
    const { message, turn, at, content, author } = event;
    const sent = {
      role: 'user',
      message,
      turn,
      at,
      content,
      status: 'waiting',
      ...(author !== undefined && { author }),
    } as const;
    return { messages: [...messages, sent] };
  }
  const isIt = (other: MessageState): boolean => other.role === 'user' && other.message === event.message;
  if (event.type === 'withdraw') {
    return {
      messages: messages.map((other) =>
        isIt(other) && other.role === 'user' ? { ...other, status: 'withdrawn' } : other,
      ),
    };
  }
  const { turn, message, attempt, at, resumes } = event;
  if (messages.some((other) => other.role === 'agent' && other.turn === turn)) {
    return { turn, messages: updateTurn(state, turn, (other) => ({ ...other, attempt })) };
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
  // A message that waited behind others stands where it was answered, not where it was sent.
  const sent = messages
    .filter(isIt)
    .map((other) => (other.role === 'user' ? { ...other, status: 'started' as const } : other));
  return { turn, messages: [...messages.filter((other) => !isIt(other)), ...sent, agent] };
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
type PartEvent = SpokenEvent | Of<'approval_answer'>;

function foldParts(parts: readonly PartState[], event: PartEvent): readonly PartState[] {
  const spoken = 'agent' in event && event.agent !== undefined ? { agent: event.agent } : undefined;
  switch (event.type) {
    case 'content_start':
      return [...parts, { type: 'text', part: event.part, text: '', open: true, ...spoken }];
    case 'reasoning_start':
      return [...parts, { type: 'reasoning', part: event.part, text: '', open: true, ...spoken }];
    case 'content':
    case 'reasoning':
      return updateText(parts, event.part, (part) => ({ ...part, text: part.text + event.data }));
    case 'content_end':
    case 'reasoning_end':
      return updateText(parts, event.part, (part) => ({ ...part, open: false }));
    case 'replace':
      return updateText(parts, event.part, (part) => ({ ...part, text: event.data }));
    case 'discard':
      return parts.filter((part) => !('part' in part && event.parts.includes(part.part)));
    case 'tool_use_start':
      return [
        ...parts,
        { type: 'tool', call: event.call, tool: event.tool, inputText: '', status: 'input', ...spoken },
      ];
    case 'tool_use_input':
      return updateTool(parts, event.call, (part) => ({ ...part, inputText: part.inputText + event.data }));
    case 'tool_use':
      return updateTool(parts, event.call, (part) => ({ ...part, input: event.input, status: 'running' }));
    case 'tool_progress':
      return updateTool(parts, event.call, (part) => ({ ...part, progress: event.data }));
    case 'tool_result':
      return updateTool(parts, event.call, (part) => ({
        ...part,
        output: event.output,
        status: event.status,
      }));
    case 'approval_request': {
      const { approval, reason, call } = event;
      return [
        ...parts,
        {
          type: 'approval',
          approval,
          reason,
          answered: false,
          ...(call !== undefined && { call }),
          ...spoken,
        },
      ];
    }
    case 'approval_answer':
      return parts.map((part) =>
        part.type === 'approval' && part.approval === event.approval
          ? { ...part, answered: true, decision: event.decision }
          : part,
      );
    case 'custom':
      return [...parts, { type: 'custom', name: event.name, data: event.data, ...spoken }];
    default:
      return parts;
  }
}

function updateText(
  parts: readonly PartState[],
  name: string,
  update: (part: TextPart) => TextPart,
): readonly PartState[] {
  const index = parts.findLastIndex((part) => 'part' in part && part.part === name);
  const part = parts[index];
  return part !== undefined && 'part' in part ? parts.with(index, update(part)) : parts;
}

function updateTool(
  parts: readonly PartState[],
  call: string,
  update: (part: ToolPart) => ToolPart,
): readonly PartState[] {
  const index = parts.findLastIndex((part) => part.type === 'tool' && part.call === call);
  const part = parts[index];
  return part?.type === 'tool' ? parts.with(index, update(part)) : parts;
}
