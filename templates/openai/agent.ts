import { Agent, Runner, RunState, setTracingDisabled, tool } from '@openai/agents';
import { openaiAgents } from 'heddle/agents/openai-agents';
import { z } from 'zod';
import { offlineModel } from './offline-model.ts';

// A real model: its name, such as 'gpt-5.4', with OPENAI_API_KEY in the environment
const model = offlineModel;

// The SDK sends traces to OpenAI otherwise.
setTracingDisabled(true);

const orders = new Map([['17', { item: 'a loom', euros: 120 }]]);

const findOrder = tool({
  name: 'find_order',
  description: 'Finds an order by its number.',
  parameters: z.object({ order: z.string() }),
  execute: ({ order }) => {
    const found = orders.get(order);
    return found
      ? `Order ${order} is ${found.item} for ${found.euros} euros.`
      : `Order ${order} is not known.`;
  },
});

const payBack = tool({
  name: 'pay_back',
  description: 'Pays an order back. A person has to approve it.',
  parameters: z.object({ order: z.string() }),
  // The turn ends with the question, and the tool runs when a person has said yes.
  needsApproval: true,
  execute: ({ order }) => {
    const found = orders.get(order);
    return found ? `Order ${order} is paid back: ${found.euros} euros.` : `Order ${order} is not known.`;
  },
});

export default openaiAgents(
  () => ({
    agent: new Agent({
      name: 'Orders',
      model,
      tools: [findOrder, payBack],
      instructions: 'You help the customers of a shop with their orders.',
    }),
    runner: new Runner(),
    RunState,
    options: { maxTurns: 8 },
  }),
  { tools: { find_order: { idempotent: true } }, reason: () => 'Pay this order back?' },
);
