import type { AgentMessage, ApprovalPart, PartState, SessionEvent } from '../../protocol/index.ts';

/**
 * Returns events from which the same message comes as from the log. `turns` are all turns of one exchange, in
 * order.
 */
export function toEvents(turns: readonly AgentMessage[]): readonly SessionEvent[] {
  return turns.flatMap((message, index) => {
    const { turn, message: name, at, resumes, outcome, reason, usage, error } = message;
    const next = turns[index + 1]?.turn ?? turn;
    const start = { message: name, attempt: 1, at, ...(resumes !== undefined && { resumes }) };
    const end = {
      ...(reason !== undefined && { reason }),
      ...(usage !== undefined && { usage }),
      ...(error !== undefined && { error }),
    };
    return [
      { type: 'message_start', turn, ...start },
      ...toPartEvents(message),
      ...(outcome === undefined ? [] : [{ type: 'message_end', turn, outcome, ...end } as const]),
      ...toAnswers(message, next),
    ] satisfies SessionEvent[];
  });
}

function toPartEvents({ turn, parts }: AgentMessage): readonly SessionEvent[] {
  const waiting = new Set(parts.flatMap((part) => (part.type === 'approval' ? [part.call] : [])));
  return parts.flatMap((part) => toEventsOf(part, turn, part.type === 'tool' && waiting.has(part.call)));
}

/** A call that is asked about waits. The engine closed it only because the turn ended. */
function toEventsOf(part: PartState, turn: string, isAsked: boolean): readonly SessionEvent[] {
  const more = { turn, ...(part.agent && { agent: part.agent }) };
  switch (part.type) {
    case 'text':
    case 'reasoning': {
      const { part: name, text, open } = part;
      const type = part.type === 'text' ? 'content' : 'reasoning';
      return [
        { type: `${type}_start`, part: name, ...more },
        { type, part: name, data: text, ...more },
        ...(open ? [] : [{ type: `${type}_end`, part: name, ...more } as const]),
      ];
    }
    case 'tool': {
      const { call, tool, input, inputText, status, progress, output } = part;
      const isWhole = status !== 'input' && input !== undefined;
      const isRunning = status === 'running' && progress !== undefined;
      const hasResult = status === 'ok' || status === 'error' || (status === 'cancelled' && !isAsked);
      return [
        { type: 'tool_use_start', call, tool, ...more },
        ...(isWhole ? [] : [{ type: 'tool_use_input', call, data: inputText, ...more } as const]),
        ...(isWhole ? [{ type: 'tool_use', call, tool, input, ...more } as const] : []),
        ...(isRunning ? [{ type: 'tool_progress', call, data: progress, ...more } as const] : []),
        ...(hasResult ? [{ type: 'tool_result', call, output, status, ...more } as const] : []),
      ];
    }
    case 'approval': {
      const { approval, call, reason } = part;
      return [{ type: 'approval_request', approval, reason, ...(call !== undefined && { call }), ...more }];
    }
    case 'custom':
      return [{ type: 'custom', name: part.name, data: part.data, ...more }];
  }
}

function toAnswers({ parts }: AgentMessage, turn: string): readonly SessionEvent[] {
  const isAnswered = (part: PartState): part is ApprovalPart & { status: string } =>
    part.type === 'approval' && part.status !== undefined;
  return parts.filter(isAnswered).map(({ approval, status, decision }) => ({
    type: 'approval_answer',
    turn,
    approval,
    status: status ?? 'answered',
    ...(decision !== undefined && { decision }),
  }));
}
