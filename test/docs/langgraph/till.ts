// @ts-nocheck The types of this middleware do not fit under `exactOptionalPropertyTypes`.
// till.ts
import { Command, MemorySaver } from '@langchain/langgraph';
import { langgraph } from 'heddle/agents/langgraph';
import { createAgent, humanInTheLoopMiddleware, tool } from 'langchain';
import { z } from 'zod';
import { model } from './model.ts';

const pay = tool(({ sum }) => `Paid ${sum}.`, {
  name: 'pay',
  description: 'Pays a sum.',
  schema: z.object({ sum: z.number() }),
});

const middleware = [humanInTheLoopMiddleware({ interruptOn: { pay: true } })];

export default langgraph(
  ({ checkpointer }) => createAgent({ model, tools: [pay], middleware, checkpointer }),
  { Command, MemorySaver },
);
