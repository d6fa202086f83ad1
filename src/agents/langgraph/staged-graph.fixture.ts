import { Command, MemorySaver } from '@langchain/langgraph';
import { createDeepAgent } from 'deepagents';
import { createAgent, humanInTheLoopMiddleware } from 'langchain';
import type { Agent } from '../../protocol/index.ts';
import { langgraph } from './index.ts';
import type { GraphLike, LanggraphContext, LanggraphOptions } from './index.ts';

/** Adapts what a function makes with the turn's checkpointer, with the classes of the package. */
export function adapt(
  make: (checkpointer: MemorySaver, context: LanggraphContext<MemorySaver>) => GraphLike,
  options: Partial<LanggraphOptions<MemorySaver>> = {},
): Agent {
  return langgraph((context) => make(context.checkpointer, context), { Command, MemorySaver, ...options });
}

/** The schema of a tool that takes any input. */
export const anyInput = { type: 'object', properties: {}, additionalProperties: true } as const;

// The middleware of the packages does not fit their own types under this project's strict settings.

/** Makes an agent of `langchain`. */
export function makeAgent(fields: object): GraphLike {
  return Reflect.apply(createAgent, undefined, [fields]);
}

/** Makes a deep agent. */
export function makeDeepAgent(fields: object): GraphLike {
  return Reflect.apply(createDeepAgent, undefined, [fields]);
}

/** Makes the middleware that asks about the calls of these tools. */
export function reviewOf(interruptOn: object): object {
  return Reflect.apply(humanInTheLoopMiddleware, undefined, [{ interruptOn }]);
}
