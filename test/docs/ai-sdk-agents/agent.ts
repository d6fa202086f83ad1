// agent.ts
import { ToolLoopAgent, tool } from 'ai';
import { aiSdkAgent } from 'heddle/agents/ai-sdk';
import { z } from 'zod';
import { model } from './model.ts';

const weather = tool({
  description: 'Tells the weather in a city.',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `It is sunny in ${city}.`,
});

const instructions = 'You help.';

export default aiSdkAgent(
  () => new ToolLoopAgent({ model, instructions, tools: { weather }, onError: () => {} }),
  { tools: { weather: { idempotent: true } } }, // may be called again after a crash
);
