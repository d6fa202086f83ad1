import type { Agent, AgentMessage, PartState, SpokenEvent } from '../protocol/index.ts';

/** A turn is started at most this often: a prompt that crashes its node must not crash every node. */
const maxAttempts = 3;

export interface Recovery {
  /** Events that close what the dead node left open. */
  readonly events: readonly SpokenEvent[];
  readonly next: 'restart' | 'end';
}

/**
 * Decides what becomes of an open turn whose node died, from the folded state of the turn. The function is
 * pure. A turn that was cancelled ends. Any other turn is started again or ends, by the agent's policy. By
 * default it is started again if it has called no tool that is not declared idempotent. A turn that starts
 * again discards what it said. A tool call without a result gets one, and is never run again by itself.
 */
export function recover(
  message: AgentMessage | undefined,
  cancelled: boolean,
  agent: Agent,
  turn: string,
): Recovery {
  const parts = message?.parts ?? [];
  const restart = !cancelled && (message?.attempt ?? 1) < maxAttempts && mayRestart(parts, agent);
  const close = [
    ...parts.flatMap((part): readonly SpokenEvent[] => closePart(part, turn)),
    ...(message?.openSteps ?? []).map((open): SpokenEvent => ({ type: 'step_end', turn, ...open })),
  ];
  const texts = parts.flatMap((part) =>
    part.type === 'text' || part.type === 'reasoning' ? [part.part] : [],
  );
  return {
    events: restart && texts.length > 0 ? [...close, { type: 'discard', turn, parts: texts }] : close,
    next: restart ? 'restart' : 'end',
  };
}

function mayRestart(parts: readonly PartState[], agent: Agent): boolean {
  if (agent.onCrash !== undefined) return agent.onCrash === 'retry';
  return parts.every(
    (part) =>
      part.type !== 'tool' || part.status === 'input' || agent.tools?.[part.tool]?.idempotent === true,
  );
}

function closePart(part: PartState, turn: string): readonly SpokenEvent[] {
  const by = { turn, ...(part.agent && { agent: part.agent }) };
  switch (part.type) {
    case 'text':
      return part.open ? [{ type: 'content_end', part: part.part, ...by }] : [];
    case 'reasoning':
      return part.open ? [{ type: 'reasoning_end', part: part.part, ...by }] : [];
    case 'tool':
      return part.status === 'input' || part.status === 'running'
        ? [{ type: 'tool_result', call: part.call, output: null, status: 'cancelled', ...by }]
        : [];
    case 'approval':
    case 'custom':
      return [];
  }
}
