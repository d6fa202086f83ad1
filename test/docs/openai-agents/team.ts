// team.ts
import { Agent, Runner, RunState, tool } from '@openai/agents';
import { openaiAgents } from 'heddle/agents/openai-agents';
import { z } from 'zod';
import { model } from './model.ts';

const runner = new Runner({ tracingDisabled: true });

export default openaiAgents(({ owner, onStream, progress }) => {
  const search = tool({
    name: 'search',
    description: 'Searches.',
    parameters: z.object({ input: z.string() }),
    execute: ({ input }, _context, details) => {
      progress(details, 'half of it');
      return `${input} is a city.`;
    },
  });
  const researcher = new Agent({ name: 'Researcher', model, tools: [search] });
  const research = researcher.asTool({ toolName: 'research', toolDescription: 'Finds facts.', onStream });
  const writer = new Agent({ name: 'Writer', model, tools: [research] });
  const desk = new Agent({ name: 'Desk', instructions: `You help ${owner}.`, model, handoffs: [writer] });
  return { agent: desk, runner, RunState };
});
