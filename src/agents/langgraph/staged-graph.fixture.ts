import { Command, MemorySaver } from '@langchain/langgraph';
import { createAgent } from 'langchain';
import type { Agent } from '../../protocol/index.ts';
import { langgraph } from './index.ts';
import type { GraphLike, LanggraphContext, LanggraphOptions } from './index.ts';

type Options = Partial<LanggraphOptions<MemorySaver>>;

/** Adapts what a function makes with the turn's checkpointer, with the classes of the package. */
export function adapt(
  make: (checkpointer: MemorySaver, context: LanggraphContext<MemorySaver>) => GraphLike,
  options: Options = {},
): Agent {
  return langgraph((context) => make(context.checkpointer, context), { Command, MemorySaver, ...options });
}

/** Makes an agent of `langchain`, of fields whose types are too strict for this project's settings. */
export function makeAgent(fields: object): GraphLike {
  return Reflect.apply(createAgent, undefined, [fields]) as GraphLike;
}
