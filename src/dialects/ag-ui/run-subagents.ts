import type { SpokenAgUiEvent } from './ag-ui-event.ts';
import type { RunCalls } from './run-calls.ts';
import { toSubagentId } from './names.ts';

/** The inner agents of a run. Each is announced before its first event, and after the agents around it. */
export interface RunSubagents {
  /** Returns the announcements of an agent that have not been sent yet. */
  announce(turn: string, path: readonly string[]): readonly SpokenAgUiEvent[];
  /** Ends all, innermost first. An agent that has asked for an approval is suspended. */
  close(asked: RunCalls['asked']): readonly SpokenAgUiEvent[];
}

export function createRunSubagents(): RunSubagents {
  /** The paths of the agents that are announced, by their ids. */
  const open = new Map<string, readonly string[]>();
  return {
    announce(turn, path) {
      const events: SpokenAgUiEvent[] = [];
      for (const [index, name] of path.entries()) {
        const own = path.slice(0, index + 1);
        const subagentRunId = toSubagentId(turn, own);
        if (open.has(subagentRunId)) continue;
        open.set(subagentRunId, own);
        const parent = index > 0 && { parentSubagentRunId: toSubagentId(turn, path.slice(0, index)) };
        events.push({ type: 'SUBAGENT_STARTED', subagentRunId, name, ...parent });
      }
      return events;
    },
    close(asked) {
      const ended = [...open].toReversed();
      open.clear();
      return ended.map(([subagentRunId, path]) => {
        const isWithin = (agent: readonly string[]): boolean =>
          path.every((name, index) => agent[index] === name);
        const interruptIds = asked.flatMap(({ interrupt, agent }) => (isWithin(agent) ? [interrupt.id] : []));
        const outcome = interruptIds.length > 0 && { outcome: { type: 'suspended', interruptIds } as const };
        return { type: 'SUBAGENT_FINISHED', subagentRunId, ...outcome };
      });
    },
  };
}
