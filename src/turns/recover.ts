import type { Agent, AgentMessage, PartState, SpokenEvent } from '../protocol/index.ts';

/** How often a turn is begun at most: a prompt that kills its node must not kill every node for ever. */
const maxAttempts = 3;

export interface Recovery {
  /** Closes what the dead node left open. */
  readonly events: readonly SpokenEvent[];
  readonly next: 'restart' | 'cancelled' | 'interrupted';
}

/**
 * Decides what becomes of an open turn whose node died, from the folded state of the turn: pure. A turn that somebody asked to
 * stop is over. Else it starts again, withdrawing what it said, by the agent's policy; by default where no tool was called
 * that is not declared idempotent. A tool call without a result is given one, and is never run again by itself.
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
    next: restart ? 'restart' : cancelled ? 'cancelled' : 'interrupted',
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
