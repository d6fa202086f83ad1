import { RunState, Runner, tool } from '@openai/agents';
import type { AgentEvent, Agent as HeddleAgent } from '../../protocol/index.ts';
import { openaiAgents } from './index.ts';
import type { OpenaiAgentLike, OpenaiAgentsOptions, OpenaiContext } from './index.ts';

/** A runner that sends no traces. */
export const quietRunner = new Runner({ tracingDisabled: true });

/** Adapts an agent of the SDK, with options of its runs. */
export function adapt(
  make: (context: OpenaiContext) => OpenaiAgentLike,
  runOptions: object = {},
  options: OpenaiAgentsOptions = {},
): HeddleAgent {
  return openaiAgents(
    (context) => ({ agent: make(context), runner: quietRunner, RunState, options: runOptions }),
    options,
  );
}

/** Creates a tool that returns its name, and notes its input in `runs`. */
export function noting(
  name: string,
  runs: unknown[] = [],
  needsApproval: boolean | (() => Promise<boolean>) = false,
): ReturnType<typeof tool> {
  return tool({
    name,
    description: name,
    parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
    strict: false,
    needsApproval,
    execute: async (input) => {
      runs.push(input);
      return `${name} done`;
    },
  });
}

/** Returns the events of these types. */
export function ofType<Type extends Exclude<AgentEvent, string>['type']>(
  events: readonly Exclude<AgentEvent, string>[],
  type: Type,
): readonly Extract<Exclude<AgentEvent, string>, { readonly type: Type }>[] {
  return events.filter(
    (event): event is Extract<Exclude<AgentEvent, string>, { readonly type: Type }> => event.type === type,
  );
}
