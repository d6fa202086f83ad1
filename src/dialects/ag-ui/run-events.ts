import type { SpokenEvent } from '../../protocol/index.ts';
import type { SpokenAgUiEvent } from './ag-ui-event.ts';
import { toCustom } from './custom.ts';
import type { Interrupt } from './interrupt.ts';
import { toPartId, toSubagentId } from './names.ts';
import { createRunCalls } from './run-calls.ts';
import { createRunParts } from './run-parts.ts';
import { createRunSubagents } from './run-subagents.ts';

/** The words of agents in the turns of an exchange, as events of AG-UI. Everything that is opened is closed. */
export interface RunEvents {
  see(event: SpokenEvent): readonly SpokenAgUiEvent[];
  /** Begins another attempt of the turn. */
  restart(): readonly SpokenAgUiEvent[];
  /** Ends a turn. Unless it `waits` for approvals, calls that wait for one are settled, too. */
  end(waits: boolean): {
    readonly events: readonly SpokenAgUiEvent[];
    readonly interrupts: readonly Interrupt[];
  };
}

export interface RunEventsOptions {
  /** Parts that are left out, because they are discarded later, as in `Exchange`. */
  readonly withdrawn: ReadonlySet<string>;
  /** Whether the client knows inner agents. */
  readonly hasSubagents: boolean;
}

export function createRunEvents({ withdrawn, hasSubagents }: RunEventsOptions): RunEvents {
  const parts = createRunParts();
  const calls = createRunCalls();
  const subagents = createRunSubagents();
  const steps = new Set<string>();

  const tell = (event: SpokenEvent): readonly SpokenAgUiEvent[] => {
    switch (event.type) {
      case 'step_start':
        // An inner agent may have steps of the same names.
        if (event.agent !== undefined) return [];
        steps.add(event.step);
        return [{ type: 'STEP_STARTED', stepName: event.step }];
      case 'step_end':
        if (event.agent !== undefined || !steps.delete(event.step)) return [];
        return [{ type: 'STEP_FINISHED', stepName: event.step }];
      case 'content_start':
        return parts.start('text', event.turn, event.part);
      case 'content':
        return parts.say('text', event.turn, event.part, event.data);
      case 'reasoning_start':
        return parts.start('reasoning', event.turn, event.part);
      case 'reasoning':
        return parts.say('reasoning', event.turn, event.part, event.data);
      case 'content_end':
      case 'reasoning_end':
        return parts.end(event.turn, event.part);
      case 'discard': {
        const messageIds = event.parts
          .map((part) => toPartId(event.turn, part))
          .filter((messageId) => !withdrawn.has(messageId));
        return messageIds.length === 0 ? [] : [{ type: 'CUSTOM', name: 'discard', value: { messageIds } }];
      }
      case 'replace': {
        const value = { messageId: toPartId(event.turn, event.part), content: event.data };
        return [{ type: 'CUSTOM', name: 'replace', value }];
      }
      case 'custom':
        return [toCustom(event.name, event.data)];
      case 'tool_use_start':
      case 'tool_use_input':
      case 'tool_use':
      case 'tool_progress':
      case 'tool_result':
      case 'approval_request':
        return calls.see(event);
    }
  };

  return {
    see(event) {
      if ('part' in event && withdrawn.has(toPartId(event.turn, event.part))) return [];
      const events = tell(event);
      const { turn, agent } = event;
      if (!hasSubagents || agent === undefined || agent.length === 0 || events.length === 0) return events;
      const subagentRunId = toSubagentId(turn, agent);
      return [...subagents.announce(turn, agent), ...events.map((each) => ({ ...each, subagentRunId }))];
    },
    restart: () => calls.restart(),
    end(waits) {
      const { asked } = calls;
      const ended = [...steps].map((stepName) => ({ type: 'STEP_FINISHED', stepName }) as const);
      steps.clear();
      return {
        events: [...parts.close(), ...calls.end(waits), ...ended, ...subagents.close(asked)],
        interrupts: asked.map(({ interrupt }) => interrupt),
      };
    },
  };
}
