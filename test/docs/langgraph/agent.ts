// agent.ts
import { Command, MemorySaver } from '@langchain/langgraph';
import { langgraph } from 'heddle/agents/langgraph';
import { createAgent, tool } from 'langchain';
import { z } from 'zod';
import { model } from './model.ts';

const weather = tool(({ city }) => `It is sunny in ${city}.`, {
  name: 'weather',
  description: 'Tells the weather in a city.',
  schema: z.object({ city: z.string() }),
});

export default langgraph(
  ({ checkpointer }) => createAgent({ model, tools: [weather], systemPrompt: 'You help.', checkpointer }),
  { Command, MemorySaver, tools: { weather: { idempotent: true } } }, // may be called again after a crash
);
