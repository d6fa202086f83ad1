// till.ts
import { Agent, Runner, RunState, tool } from '@openai/agents';
import { openaiAgents } from 'heddle/agents/openai-agents';
import { z } from 'zod';
import { model } from './model.ts';

const pay = tool({
  name: 'pay',
  description: 'Pays a sum.',
  parameters: z.object({ sum: z.number() }),
  needsApproval: async (_context, { sum }) => sum > 10,
  execute: ({ sum }) => `Paid ${sum}.`,
});

const agent = new Agent({ name: 'Till', model, tools: [pay] });

export default openaiAgents(() => agent, {
  runner: new Runner({ tracingDisabled: true }),
  RunState,
  reason: ({ tool: name, input }) => ({ question: 'May I?', name, input }),
});
