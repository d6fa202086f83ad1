// A Strands agent. Heddle calls the factory for each turn, so sessions cannot leak into each other.
// Try it: OPENAI_API_KEY=… npx heddle serve examples/strands-agent.ts
import { Agent, tool } from '@strands-agents/sdk';
import { OpenAIModel } from '@strands-agents/sdk/models/openai';
import { z } from 'zod';

const weather = tool({
  name: 'weather',
  description: 'Tells the weather in a city.',
  inputSchema: z.object({ city: z.string() }),
  callback: ({ city }) => `It is sunny in ${city}.`,
});

const model = new OpenAIModel({ api: 'chat', modelId: process.env['OPENAI_MODEL'] ?? 'gpt-5.4' });

export default () => new Agent({ model, tools: [weather], printer: false });
