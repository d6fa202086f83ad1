// agent.ts
import { Agent, Runner, RunState, tool } from '@openai/agents';
import { openaiAgents } from 'heddle/agents/openai-agents';
import { z } from 'zod';
import { model } from './model.ts';

const weather = tool({
  name: 'weather',
  description: 'Tells the weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `It is sunny in ${city}.`,
});

const agent = new Agent({ name: 'Helper', instructions: 'You help.', model, tools: [weather] });
const runner = new Runner({ tracingDisabled: true });

export default openaiAgents(
  () => ({ agent, runner, RunState, options: { maxTurns: 8 } }),
  { tools: { weather: { idempotent: true } } }, // may be called again after a crash
);
